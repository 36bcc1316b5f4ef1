"use strict";

window.reader = "{random:base36:24}";
