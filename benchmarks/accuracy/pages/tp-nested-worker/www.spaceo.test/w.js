new Worker('/v.js');
