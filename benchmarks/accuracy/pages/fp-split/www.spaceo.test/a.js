function drawing() {
  const c = document.createElement('canvas');
  c.width = 240; c.height = 60;
  const x = c.getContext('2d');
  x.textBaseline = 'top';
  x.font = '15px Arial';
  x.fillStyle = '#e63';
  x.fillRect(100, 2, 70, 24);
  x.fillStyle = '#159';
  x.fillText('Quizzical jumbo fox \u{1F98A} 0297', 3, 18);
  x.fillStyle = 'rgba(60, 190, 20, .6)';
  x.fillText('Quizzical jumbo fox \u{1F98A} 0297', 5, 20);
  return c.toDataURL();
}
window.parts = [drawing()];
