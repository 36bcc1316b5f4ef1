// Does this browser draw a new emoji as one sign, or as the two that it is made of?
(() => {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.textBaseline = 'top';
  pen.font = '600 32px Arial';
  const image = (text) => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.fillText(text, 0, 0);
    return pen.getImageData(0, 0, canvas.width, canvas.height).data.join();
  };
  document.documentElement.dataset.emoji = String(image('\u{1F426}\u200d\u2b1b') === image('\u{1F426}\u200b\u2b1b'));
})();
