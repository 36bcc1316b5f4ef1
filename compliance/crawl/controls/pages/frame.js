const asked = new URLSearchParams(location.search);
const did = [], wanted = new Set(asked.get('do').split(','));
if (wanted.has('requests')) document.documentElement.append(Object.assign(new Image(), { src: '/c/frame' }));
if (wanted.has('storage')) {
  localStorage.setItem(`compliance-control-${asked.get('when')}`, '1');
  did.push('third-local');
}
if (wanted.has('api_calls')) {
  document.createElement('canvas').toDataURL();
  did.push('frame-canvas');
}
fetch(`/did?did=${did}`);
