document.getElementById('menu').addEventListener('mouseenter', function () { this.classList.add('open'); });
