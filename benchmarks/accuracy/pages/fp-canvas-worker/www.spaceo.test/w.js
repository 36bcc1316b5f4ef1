const c = new OffscreenCanvas(240, 60), x = c.getContext('2d');
x.font = '15px Arial';
x.fillStyle = '#e63'; x.fillRect(100, 2, 70, 24);
x.fillStyle = '#159'; x.fillText('Quizzical jumbo fox 0297', 3, 18);
x.fillStyle = 'rgba(60, 190, 20, .6)'; x.fillText('Quizzical jumbo fox 0297', 5, 20);
c.convertToBlob().then((b) => b.arrayBuffer()).then((a) => {
  let h = 7;
  for (const v of new Uint8Array(a)) h = (h * 33 + v) >>> 0;
  fetch('/collect', { method: 'POST', body: h.toString(16) });
});
