# ruff: noqa: E501
"""Pages with one form each, for every way in which a form can demand something or send itself."""

SHORT = """<label>E-mail <input name="email" type="email" autocomplete="email" {email}></label>
<label>Message <textarea name="message"></textarea></label>"""
CONTACT = """<label>Name <input name="name" autocomplete="name" {name}></label>
<label>E-mail <input name="email" type="email" autocomplete="email" {email}></label>
<label>Phone <input name="phone" type="tel" {phone}></label>
<label>Message <textarea name="message"></textarea></label>"""


def form(
    fields=SHORT, *, attributes='method="post" action="/send"', button="<button>Send message</button>", after="", **how
):
    filled = fields
    for slot in ("name", "email", "phone"):
        filled = filled.replace("{" + slot + "}", how.get(slot, ""))
    return f'<!doctype html><title>Contact</title><form id="f" {attributes}>{filled}{button}</form>{after}'


def script(code):
    return f"<script>const f = document.getElementById('f');{code}</script>"


REFUSE = "if (!f.elements.email.value.trim()) { event.preventDefault(); %s }"
ON_SUBMIT = "f.addEventListener('submit', (event) => { %s });"
NO_EMAIL = "event.preventDefault(); if (!f.elements.email.value) return;"

PAGES = {
    "/attribute": form(CONTACT, email="required"),
    "/everything": form(CONTACT, name="required", email="required", phone="required"),
    "/script": form(after=script(ON_SUBMIT % (REFUSE % ""))),
    "/aria": form(after=script(ON_SUBMIT % (REFUSE % "f.elements.email.setAttribute('aria-invalid', 'true');"))),
    "/text": form(
        after="<p id=m></p>" + script(ON_SUBMIT % (REFUSE % "const p = document.createElement('p');"
        " p.textContent = 'Please tell us your address.'; f.append(p);"))
    ),
    "/toast": form(
        after=script(ON_SUBMIT % (REFUSE % "const p = document.createElement('div'); p.className = 'toast';"
        " p.textContent = 'Address, please.'; document.body.append(p); setTimeout(() => p.remove(), 120);"))
    ),
    "/alert": form(after=script(ON_SUBMIT % (REFUSE % "alert('We need your address.');"))),
    "/disabled": form(
        button="<button disabled>Send</button>",
        after=script("f.addEventListener('input', () => { f.querySelector('button').disabled = !f.elements.email.value; });"),
    ),
    "/novalidate": form(attributes='method="post" action="/send" novalidate', email="required"),
    "/formless": '<!doctype html><title>Ask</title><div id="f"><label>E-mail <input id="mail" type="email"></label>'
    '<label>Question <textarea id="question"></textarea></label><button type="button" id="go">Ask</button></div>'
    "<script>go.addEventListener('click', () => { if (!mail.value) { mail.setAttribute('aria-invalid', 'true'); return; }"
    " fetch('/api/ask', {method: 'POST', headers: {'content-type': 'application/json'},"
    " body: JSON.stringify({mail: mail.value, question: question.value})}); });</script>",
    "/framed": '<!doctype html><title>Framed</title><p style="height:900px">Far above</p><iframe src="/attribute?framed" width=600 height=500></iframe>',
    "/foreign-frame": '<!doctype html><title>Framed</title><p style="height:300px">Above</p>'
    '<iframe src="http://forms.test/attribute?foreign" width=600 height=500></iframe>',
    "/shadow": "<!doctype html><title>Shadow</title><input name=email id=decoy><x-form></x-form><script>"
    "customElements.define('x-form', class extends HTMLElement { connectedCallback() {"
    " this.attachShadow({mode: 'open'}).innerHTML = `" + form(email="required").partition("</title>")[2] + "`; } });</script>",
    "/radio": form(
        '<fieldset><legend>Title</legend><label><input type="radio" name="salutation" value="ms" required> Ms</label>'
        '<label><input type="radio" name="salutation" value="mr"> Mr</label></fieldset>' + SHORT
    ),
    "/consent": form(
        SHORT + '<label><input type="checkbox" name="consent" required> I agree to the <a href="/privacy">privacy policy</a></label>'
    ),
    "/honeypot": form(
        SHORT + '<div style="position:absolute;left:-9999px"><label>Leave this blank <input name="website"></label></div>',
        after=script(ON_SUBMIT % "if (f.elements.website.value) event.preventDefault();"),
    ),
    "/optional": form(CONTACT),
    "/get": form(attributes='method="get" action="/search-people"'),
    "/fetch": form(after=script(ON_SUBMIT % (NO_EMAIL + "fetch('/api/contact', {method: 'POST', keepalive: true,"
        " headers: {'content-type': 'application/json'}, body: JSON.stringify(Object.fromEntries(new FormData(f)))});"))),
    "/xhr": form(after=script(ON_SUBMIT % (NO_EMAIL + "const x = new XMLHttpRequest(); x.open('POST', '/api/contact');"
        " x.send(new FormData(f));"))),
    "/beacon": form(after=script(ON_SUBMIT % (NO_EMAIL + "navigator.sendBeacon('/api/contact', new URLSearchParams(new FormData(f)));"))),
    "/scripted": form(button='<button type="button">Send</button>', after=script(
        "f.querySelector('button').addEventListener('click', () => { if (f.elements.email.value) f.submit(); });")),
    "/jsonp": form(after=script(ON_SUBMIT % (NO_EMAIL + "const s = document.createElement('script');"
        " s.src = '/jsonp.js?' + new URLSearchParams(new FormData(f)); document.head.append(s);"))),
    "/cross-origin": form(after=script(ON_SUBMIT % (NO_EMAIL + "fetch('http://forms.test/submissions', {method: 'POST',"
        " headers: {'content-type': 'application/json'}, body: JSON.stringify(Object.fromEntries(new FormData(f)))});"))),
    "/blank": form(attributes='method="post" action="/send" target="_blank"', email="required"),
    "/noopener": form(attributes='method="post" action="/send" target="_blank" rel="noopener"', email="required"),
    "/mask": form(CONTACT, after=script(
        "f.elements.phone.addEventListener('keydown', (e) => { f.dataset.keys = (+f.dataset.keys || 0) + 1; });"
        + ON_SUBMIT % "if (!(f.dataset.keys > 5)) { event.preventDefault(); f.elements.phone.setAttribute('aria-invalid', 'true'); }")),
    "/analytics": form(email="required", after=script(
        "addEventListener('click', () => { navigator.sendBeacon('http://stats.test/collect', 'en=click&dl=' + location.href);"
        " fetch('http://stats.test/g?en=form_start', {method: 'POST', body: 'en=form_submit&ep.form_id=f'}); }, true);")),
    "/recorder": form(email="required", after=script(
        "addEventListener('input', (e) => { fetch('http://recorder.test/keys', {method: 'POST',"
        " body: JSON.stringify({field: e.target.name, value: e.target.value})}); });")),
    "/covered": form(email="required", after='<div style="position:fixed;inset:0;background:#0008"><p>Cookies?</p></div>'),
    "/late": '<!doctype html><title>Late</title><main></main><script>setTimeout(() => { document.querySelector("main").innerHTML = `'
    + form(email="required").partition("</title>")[2] + "`; }, 150);</script>",
    "/prefilled": form(
        '<label>Country <select name="country" required><option value="de">Germany</option><option value="fr">France</option></select></label>'
        + SHORT, email='required value="you@shop.test"',
    ),
    "/limits": form(SHORT + '<label>Guests <input type="number" name="guests" min="2" max="9" step="2" required></label>'
        '<label>Day <input type="date" name="day" min="2020-01-01" max="2020-12-31" required></label>'
        '<label>Order <input name="order" required pattern="[0-9]{5}"></label>'
        '<label>Topic <select name="topic" required><option value="">Choose</option><option value="x">X</option></select></label>'),
    "/leaky": form(email="required", after=script("""
        document.cookie = 'early=1; path=/';
        new WebSocket('ws://' + location.host + '/socket').onopen = (e) => e.target.send('open');
        navigator.serviceWorker?.register('/worker.js');
        addEventListener('focusin', () => { const s = document.createElement('script'); s.src = '/lazy.js'; document.head.append(s); });
        addEventListener('input', (e) => {
          const v = e.target.value;
          document.cookie = 'draft=' + encodeURIComponent(v) + '; path=/';
          localStorage.setItem('draft', v);
          new Image().src = '/pixel?v=' + encodeURIComponent(v);
          new Image().src = '/pixel64?v=' + btoa(JSON.stringify({v}));
          fetch('/autosave', {method: 'PUT', body: v});
          navigator.sendBeacon('/beacon', v);
          new Worker(URL.createObjectURL(new Blob([`fetch('${location.origin}/from-worker', {method: 'POST', body: '${v}'}); new WebSocket('ws://${location.host}/worker-socket')`])));
          const s = document.createElement('script'); s.src = '/lazy.js'; document.head.append(s);
          const l = document.createElement('link'); l.rel = 'prefetch'; l.href = '/prefetch?v=' + v; document.head.append(l);
          const x = document.createElement('script'); x.type = 'speculationrules';
          x.textContent = JSON.stringify({prefetch: [{urls: ['/speculation?v=' + v], eagerness: 'immediate'}]}); document.head.append(x);
          history.replaceState(null, '', '?typed=' + encodeURIComponent(v));
        });
        addEventListener('pagehide', () => { navigator.sendBeacon('/unload', f.elements.email.value);
          fetch('/unload-keepalive', {method: 'POST', keepalive: true, body: f.elements.email.value}); });
        if (localStorage.draft) fetch('/restored', {method: 'POST', body: localStorage.draft});
        const shared = new SharedWorker('/shared.js'); addEventListener('input', (e) => shared.port.postMessage(e.target.value));
    """)),
    "/shared.js": ("text/javascript", "onconnect = (e) => { e.ports[0].onmessage = (m) => fetch('/from-shared', {method: 'POST', body: m.data}); };"),
    "/worker.js": ("text/javascript", "fetch('/from-service-worker', {method: 'POST', body: 's'})"),
    "/lazy.js": ("text/javascript", "document.title = 'lazy'"),
    "/hang": form(after=script(ON_SUBMIT % "event.preventDefault(); for (;;);")),
    "/delete": form(button="<button>Delete account</button>"),
    "/login": form('<label>E-mail <input name="email" type="email"></label><label>Password <input type="password" name="p"></label>'),
    "/captcha": form(SHORT + '<div class="g-recaptcha"></div>', after=script(ON_SUBMIT % "event.preventDefault();")),
    "/broken": form(after=script(ON_SUBMIT % "event.preventDefault();")),
}  # fmt: skip
