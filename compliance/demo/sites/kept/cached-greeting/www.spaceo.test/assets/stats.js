"use strict";

window.greeting = { text: "Welcome", made: {now}, exactly: {now:ms} };
