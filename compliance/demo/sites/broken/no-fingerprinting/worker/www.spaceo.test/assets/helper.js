(async () => {
  const canvas = new OffscreenCanvas(220, 48);
  const pen = canvas.getContext('2d');
  pen.font = '16px sans-serif';
  pen.fillStyle = '#936';
  pen.fillText('Boxing wizards jump, 42', 4, 20);
  pen.fillStyle = '#063';
  pen.fillText('Boxing wizards jump, 42', 6, 40);
  const image = await canvas.convertToBlob();

  // What the card says, and what a program without any card would have said: asked for in either case.
  const gl = new OffscreenCanvas(32, 32).getContext('webgl');
  const traits = [navigator.languages, navigator.hardwareConcurrency, navigator.deviceMemory,
    new Intl.DateTimeFormat().resolvedOptions().timeZone, new Date().getTimezoneOffset()];
  if (gl) {
    const named = gl.getExtension('WEBGL_debug_renderer_info');
    traits.push(gl.getSupportedExtensions(), named && gl.getParameter(named.UNMASKED_RENDERER_WEBGL));
  }
  postMessage(String(image.size + traits.length));
})();
