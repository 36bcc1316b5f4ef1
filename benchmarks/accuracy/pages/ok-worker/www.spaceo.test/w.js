fetch('/photo.svg');
