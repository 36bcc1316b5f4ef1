(() => {
  const canvas = document.createElement('canvas');
  canvas.width = 300;
  canvas.height = 150;
  (document.querySelector('main') || document.body).append(canvas);
  const gl = canvas.getContext('webgl');
  if (!gl) return;
  for (const name of ['VERSION', 'SHADING_LANGUAGE_VERSION', 'MAX_TEXTURE_SIZE', 'MAX_CUBE_MAP_TEXTURE_SIZE',
    'MAX_VERTEX_ATTRIBS', 'MAX_VERTEX_UNIFORM_VECTORS', 'MAX_VARYING_VECTORS', 'MAX_FRAGMENT_UNIFORM_VECTORS',
    'MAX_TEXTURE_IMAGE_UNITS', 'MAX_VERTEX_TEXTURE_IMAGE_UNITS', 'SCISSOR_BOX', 'VIEWPORT']) gl.getParameter(gl[name]);
  gl.getShaderPrecisionFormat(gl.FRAGMENT_SHADER, gl.HIGH_FLOAT);
  const program = gl.createProgram();
  const add = (type, text) => {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  };
  add(gl.VERTEX_SHADER, 'attribute vec2 p; void main() { gl_Position = vec4(p, 0.0, 1.0); }');
  add(gl.FRAGMENT_SHADER, 'void main() { gl_FragColor = vec4(0.2, 0.5, 0.7, 1.0); }');
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0.8, -0.8, -0.8, 0.8, -0.8]), gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  let frames = 0;
  const draw = () => {
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    if (++frames < 30) requestAnimationFrame(draw);
  };
  draw();
})();
