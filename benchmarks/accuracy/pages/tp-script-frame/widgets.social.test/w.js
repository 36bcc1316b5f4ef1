window.widget = 1;
