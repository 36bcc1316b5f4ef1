localStorage.ghid = localStorage.ghid || crypto.randomUUID();
