// Reads what makes one browser different from the next, and hashes it.
(async () => {
  const parts = [];

  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const pen = canvas.getContext('2d');
  canvas.width = 260;
  canvas.height = 50;
  pen.textBaseline = 'alphabetic';
  pen.fillStyle = '#c40';
  pen.fillRect(90, 2, 70, 24);
  pen.fillStyle = '#175';
  pen.font = '12pt "No Such Font"';
  pen.fillText('Jumpy wizards vex, 9 quick fjords 🙂', 3, 17);
  pen.fillStyle = 'rgba(90, 10, 200, 0.4)';
  pen.fillText('Jumpy wizards vex, 9 quick fjords 🙂', 5, 40);
  parts.push(canvas.toDataURL());

  const sound = new OfflineAudioContext(1, 4000, 44100);
  const tone = sound.createOscillator();
  tone.type = 'triangle';
  tone.frequency.value = 9000;
  const shape = sound.createDynamicsCompressor();
  tone.connect(shape);
  shape.connect(sound.destination);
  tone.start(0);
  const samples = (await sound.startRendering()).getChannelData(0);
  parts.push(samples.slice(3000).reduce((sum, value) => sum + Math.abs(value), 0));

  const gl = document.createElement('canvas').getContext('webgl');
  if (gl) {
    const named = gl.getExtension('WEBGL_debug_renderer_info');
    parts.push(gl.getSupportedExtensions(), named && gl.getParameter(named.UNMASKED_RENDERER_WEBGL));
  }

  const line = document.createElement('span');
  line.textContent = 'mmmmMMMMwwwwWW00';
  line.style.cssText = 'position:absolute;left:-9999px;font-size:40px';
  document.body.append(line);
  const fonts = ['Arial', 'Calibri', 'Cambria', 'Candara', 'Consolas', 'Corbel', 'Courier', 'Futura', 'Garamond', 'Georgia',
    'Geneva', 'Gill Sans', 'Helvetica', 'Impact', 'Menlo', 'Monaco', 'Optima', 'Palatino', 'Rockwell', 'Segoe UI', 'Tahoma',
    'Times', 'Ubuntu', 'Verdana'];
  for (const font of fonts) {
    line.style.fontFamily = `'${font}', monospace`;
    parts.push(line.offsetWidth);
  }
  line.remove();

  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(parts.join('|')));
  document.documentElement.dataset.ready = String(digest.byteLength);
})();
