const form = document.querySelector('#scripted');
form.addEventListener('submit', (event) => {
  if (form.email.value) return;
  event.preventDefault();
  document.querySelector('[role=alert]').textContent = 'Please fill in your e-mail.';
});
const other = new URLSearchParams(location.search).get('other');
for (const id of ['away', 'told', 'pressed']) document.querySelector(`#${id}`).href = `${other}/c/trial-${id}`;
document.querySelector('#told').addEventListener('click', (event) => {
  if (!confirm('You are about to leave this site. We are not responsible for others.')) event.preventDefault();
});
const pressed = document.querySelector('#pressed');
const number = crypto.randomUUID();
localStorage.setItem('trial-number', number);
document.addEventListener('mousedown', (event) => {
  if (event.target !== pressed) return;
  document.cookie = `trial-number=${number}; path=/; max-age=3600`;
  pressed.href += `?number=${number}`;
}, true);
