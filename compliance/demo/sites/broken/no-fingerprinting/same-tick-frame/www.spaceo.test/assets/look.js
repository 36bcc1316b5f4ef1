// The functions of a frame made this moment are those of the browser, whatever was done to the page's own.
(() => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const { HTMLCanvasElement, CanvasRenderingContext2D } = frame.contentWindow;
  const canvas = document.createElement('canvas');
  canvas.width = 200;
  canvas.height = 40;
  const pen = HTMLCanvasElement.prototype.getContext.call(canvas, '2d');
  pen.font = '15px serif';
  CanvasRenderingContext2D.prototype.fillText.call(pen, 'Glyphs of every pixel: 0123', 4, 20);
  const image = HTMLCanvasElement.prototype.toDataURL.call(canvas);

  const line = frame.contentDocument.createElement('span');
  line.textContent = 'wwwwMMMM';
  frame.contentDocument.body.append(line);
  let widths = '';
  for (let i = 0; i < 30; i++) {
    line.style.fontFamily = `Candidate${i}, serif`;
    widths += line.getBoundingClientRect().width;
  }
  frame.remove();
  document.documentElement.dataset.ready = String(image.length + widths.length);
})();
