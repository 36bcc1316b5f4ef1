"use strict";

window.nonce = "{random:hex:32}";
