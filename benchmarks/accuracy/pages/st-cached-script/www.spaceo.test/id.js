window.visitor = "{random:hex:32}";
