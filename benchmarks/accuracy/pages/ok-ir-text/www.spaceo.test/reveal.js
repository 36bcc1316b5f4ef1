document.body.classList.add('revealed');
