(function () {
  var rate = 22050, off = new OfflineAudioContext(1, rate, rate);
  var osc = off.createOscillator(), gain = off.createGain();
  osc.type = 'sine'; osc.frequency.value = 523.25;
  gain.gain.setValueAtTime(0, 0);
  gain.gain.linearRampToValueAtTime(.9, .05);
  gain.gain.exponentialRampToValueAtTime(.001, 1);
  osc.connect(gain); gain.connect(off.destination);
  osc.start(0); osc.stop(1);
  off.startRendering().then(function (buf) {
    var data = buf.getChannelData(0), c = document.getElementById('wave'), x = c.getContext('2d');
    x.strokeStyle = '#257'; x.beginPath();
    for (var i = 0; i < c.width; i++) {
      var peak = 0, from = Math.floor(i * data.length / c.width), to = Math.floor((i + 1) * data.length / c.width);
      for (var k = from; k < to; k++) peak = Math.max(peak, Math.abs(data[k]));
      x.moveTo(i + .5, 60 - 55 * peak); x.lineTo(i + .5, 60 + 55 * peak);
    }
    x.stroke();
    document.getElementById('play').addEventListener('click', function () {
      var ac = new AudioContext(), src = ac.createBufferSource();
      src.buffer = buf; src.connect(ac.destination); src.start();
    });
  });
})();
