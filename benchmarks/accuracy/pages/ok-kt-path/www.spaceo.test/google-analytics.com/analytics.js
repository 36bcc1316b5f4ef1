window.counted = 1;
