(() => {
  const canvas = document.createElement('canvas');
  canvas.width = 400;
  canvas.height = 200;
  document.querySelector('main, body').append(canvas);
  const pen = canvas.getContext('2d');
  ['January', 'February', 'March', 'April'].forEach((month, i) => {
    pen.save();
    pen.translate(40 + i * 90, 180);
    pen.fillStyle = i % 2 ? '#27a' : '#a52';
    pen.fillRect(0, -20 - 30 * i, 60, 20 + 30 * i);
    pen.fillStyle = '#222';
    pen.font = '13px sans-serif';
    pen.fillText(`${month}: ${20 + 30 * i}`, 0, 14);
    pen.measureText(month);
    pen.restore();
  });
  const link = document.createElement('p');
  link.title = canvas.toDataURL('image/png').slice(0, 30);
  canvas.after(link);
})();
