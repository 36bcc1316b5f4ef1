fetch('/c/worker', { method: 'POST', body: new Blob(['compliance-control']) });
