const s = document.createElement('script'); s.src = 'https://widgets.social.test/w.js'; document.head.append(s);
