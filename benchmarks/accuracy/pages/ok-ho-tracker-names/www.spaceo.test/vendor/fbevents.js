window.fbq = window.fbq || function () {};   /* a stub: the theme calls it */
fbq('track', 'PageView');
