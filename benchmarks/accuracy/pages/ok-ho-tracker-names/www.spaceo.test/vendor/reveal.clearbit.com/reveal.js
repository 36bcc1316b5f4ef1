/* unveils the greeting softly */
document.getElementById('hello') && document.getElementById('hello').animate({ opacity: [0, 1] }, 400);
