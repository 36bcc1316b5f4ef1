(function () {
  var canvas = document.getElementById('globe'), gl = canvas.getContext('webgl', { antialias: true, failIfMajorPerformanceCaveat: false });
  if (!gl) { canvas.replaceWith('Leeds, York, Hull'); return; }
  var big = gl.getParameter(gl.MAX_TEXTURE_SIZE) >= 4096;
  var half = gl.getExtension('OES_texture_half_float');
  canvas.width = canvas.height = big && half ? 640 : 320;
  canvas.style.width = canvas.style.height = '320px';
  function sh(type, src) { var s = gl.createShader(type); gl.shaderSource(s, src); gl.compileShader(s); return s; }
  var p = gl.createProgram();
  gl.attachShader(p, sh(gl.VERTEX_SHADER, 'attribute vec2 a; uniform float t; varying vec2 v; void main(){ v=a; float c=cos(t),s=sin(t); gl_Position=vec4(a.x*c-a.y*s,a.x*s+a.y*c,0.,1.); }'));
  gl.attachShader(p, sh(gl.FRAGMENT_SHADER, 'precision mediump float; varying vec2 v; void main(){ gl_FragColor=vec4(v*.5+.5,.6,1.); }'));
  gl.linkProgram(p);
  gl.useProgram(p);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, .8, -.7, -.5, .7, -.5]), gl.STATIC_DRAW);
  var a = gl.getAttribLocation(p, 'a'), t = gl.getUniformLocation(p, 't');
  gl.enableVertexAttribArray(a);
  gl.vertexAttribPointer(a, 2, gl.FLOAT, false, 0, 0);
  gl.viewport(0, 0, canvas.width, canvas.height);
  var n = 0;
  (function draw() {
    gl.uniform1f(t, n / 60);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    if (++n < 180) requestAnimationFrame(draw);
  })();
})();
