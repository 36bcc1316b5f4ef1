const form = document.querySelector('#scripted');
form.addEventListener('submit', (event) => {
  if (form.email.value) return;
  event.preventDefault();
  document.querySelector('[role=alert]').textContent = 'Please fill in your e-mail.';
});
const other = new URLSearchParams(location.search).get('other');
for (const id of ['away', 'told']) document.querySelector(`#${id}`).href = `${other}/c/trial-${id}`;
document.querySelector('#told').addEventListener('click', (event) => {
  if (!confirm('You are about to leave this site. We are not responsible for others.')) event.preventDefault();
});
