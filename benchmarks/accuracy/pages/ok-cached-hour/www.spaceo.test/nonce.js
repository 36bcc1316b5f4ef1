window.nonce = "{random:hex:32}";
