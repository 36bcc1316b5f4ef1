fetch('/c/shared-worker');
