"use strict";

window.build = "5f2a9c0417de83b6a1c0e94f7d3b2286";
