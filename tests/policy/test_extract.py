import pytest

from compliance.errors import PolicyError
from compliance.policy.extract import extract

LONG = "We explain at length what happens to all of your data in our shop. " * 5


def blocks(html, **options):
    return ["#" * p.heading + " / ".join(p.sentences) for p in extract(html, **options).paragraphs]


def test_a_tidy_page():
    html = f"""
    <html><head><title>Shop: Privacy</title></head><body>
    <header>Shop logo</header><nav><a>Home</a></nav>
    <main><h1>Privacy Policy</h1>
      <p>We collect   data. We keep
         it.</p>
      <h2>Your rights</h2>
      <ul><li>Access.<ul><li>On paper.</li></ul></li><li>Erasure.</li></ul>
      <p>{LONG}</p>
    </main><footer>Imprint</footer></body></html>"""
    found = extract(html)
    assert found.title == "Privacy Policy"
    got = [" / ".join(p.sentences) for p in found.paragraphs]
    assert got[:5] == ["We collect data. / We keep it.", "Your rights", "Access.", "On paper.", "Erasure."]
    assert [p.heading for p in found.paragraphs][:3] == [False, True, False]
    assert dict(found.omitted) == {"outside main": len("ShoplogoHomeImprint")}


def test_no_landmarks():
    assert blocks("<h1>Policy</h1><div>We collect.<div>We keep.</div>And more.</div>tail") == [
        "We collect.",
        "We keep.",
        "And more.",
        "tail",
    ]


def test_body_without_navigation_header_footer_aside():
    html = f"<header>Logo</header><div role=navigation>Menu</div><p>{LONG}</p><aside>Ad</aside><footer>End</footer>"
    found = extract(html)
    assert len(found.paragraphs) == 1
    assert dict(found.omitted) == {"header": 4, "navigation": 4, "aside": 2, "footer": 3}


def test_the_header_of_an_article_is_content():
    html = f"<article><header><h1>Privacy</h1><p>As of May.</p></header><p>{LONG}</p><footer>Last words.</footer>"
    got = blocks(html)
    assert got[0] == "As of May."
    assert got[-1] == "Last words."


def test_a_policy_in_the_footer_alone_is_found():
    assert blocks("<nav>Menu</nav><footer><p>We collect nothing.</p></footer>") == ["We collect nothing."]


def test_main_without_text_is_not_the_policy():
    assert blocks(f"<main>Loading</main><div>{LONG}</div>")[0] == "Loading"


def test_policy_in_a_layout_table():
    html = f"<table><tr><td>Menu</td><td><h2>Privacy</h2><p>{LONG}</p><p>We keep it.</p></td></tr></table>"
    got = blocks(html)
    assert got[:2] == ["Menu", "#Privacy"]
    assert got[-1] == "We keep it."


def test_rows_of_a_data_table():
    html = """<table><thead><tr><th>Cookie</th><th>Purpose</th></tr></thead>
    <tr><td>_ga</td><td>Counts visits. Knows you again.</td><td></td></tr><tr><td>One cell.</td></tr></table>"""
    assert blocks(html) == ["Cookie | Purpose", "_ga | Counts visits. Knows you again.", "One cell."]


def test_tables_in_tables():
    html = f"<table><tr><td>{LONG}<table><tr><td>a</td><td>b</td></tr></table></td><td>side</td></tr></table>"
    assert blocks(html)[1:] == ["a | b", "side"]


def test_line_breaks():
    assert blocks("<div>One.<br>Still<br/>one.<br><br>Two.<br> <br>Three.</div>") == [
        "One. / Still one.",
        "Two.",
        "Three.",
    ]


def test_entities_and_odd_characters():
    html = "<p>A&amp;B &lt;b&gt; caf&eacute;&nbsp;&#8220;x&#8221; &copy &unknown; &#x41;&#0;\x07\x1b[31m</p>"
    assert blocks(html) == ["A&B <b> café “x” © &unknown; A\ufffd [31m"]


def test_a_lone_surrogate_is_no_crash():
    assert blocks("<p>a\ud800b</p>") == ["a b"]


def test_what_is_folded_away_counts():
    html = """<details><summary>Cookies</summary><p>We set none.</p></details>
    <button aria-controls="one">Open</button><div id="one" hidden>Folded.</div>
    <a data-bs-target="#two">+</a><div id="two" style="display: none">Folded, too.</div>
    <div role="tabpanel" hidden>Third.</div><div hidden="until-found">Fourth.</div>"""
    assert blocks(html) == ["Cookies", "We set none.", "Folded.", "+", "Folded, too.", "Third.", "Fourth."]


def test_what_is_hidden_does_not_and_is_reported():
    html = """<p>Seen <span hidden>not</span> seen.</p><p style="visibility:hidden">secret</p><dialog>box</dialog>
    <script>var x = "<p>no</p>";</script><style>p{}</style><template><p>no</p></template><iframe src="x"></iframe>"""
    found = extract(html)
    assert [p.sentences for p in found.paragraphs] == [("Seen seen.",)]
    assert dict(found.omitted) == {"hidden": len("not" + "secret" + "box"), "frame": 0}


def test_inline_elements_do_not_break_words():
    assert blocks("<p>un<b>break</b>able <a>link</a>, <x-card>card</x-card><x-card>two</x-card></p>") == [
        "unbreakable link,",
        "card",
        "two",
    ]


def test_bold_lines_are_headings():
    assert blocks(
        "<p><strong>1. Data</strong></p><p>We <b>do</b>.</p><ul><li><b>Item</b></li></ul><p><b>Stop.</b></p>"
    ) == [
        "#1. Data",
        "We do.",
        "Item",
        "Stop.",
    ]


def test_preformatted_text_keeps_its_paragraphs():
    assert blocks("<pre>One.\nStill one.\n\nTwo.</pre>") == ["One. / Still one.", "Two."]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>From head</title><p>Text.</p>", "From head"),
        ("<title>Head</title><h1>From <em>h1</em></h1><p>Text.</p>", "From h1"),
        ("<h2>From h2</h2><p>Text.</p>", "From h2"),
        ("<p>Only text.</p>", "Only text."),
    ],
)
def test_titles(html, title):
    assert extract(html).title == title


def test_a_long_first_heading_may_promise_and_stays():
    html = "<h1>We promise never to sell any of your data to anybody.</h1><p>Text.</p>"
    found = extract(html)
    assert found.title.startswith("We promise")
    assert found.paragraphs[0].heading
    assert len(found.paragraphs) == 2


def test_selector():
    html = f"<main><p>{LONG}</p><nav>toc</nav><div class=legal><nav>toc</nav><p>We collect.</p></div></main>"
    found = extract(html, selector=".legal")
    assert [p.sentences for p in found.paragraphs] == [("We collect.",)]
    assert found.omitted["navigation"] == 3
    assert found.omitted["outside .legal"] > 200


@pytest.mark.parametrize(
    ("html", "selector", "message"),
    [
        ("<p>x</p>", "p[", "not a CSS selector"),
        ("<p>x</p>", "#policy", "nothing on the page matches '#policy'"),
        ("<p id=policy></p>", "#policy", "what '#policy' matches shows no text"),
        ("<div></div>", None, "the page shows no text"),
        ("", None, "no text|no body"),
        ("<nav>Menu</nav>", None, r"left out: navigation \(4 characters\)"),
    ],
)
def test_one_clear_error(html, selector, message):
    with pytest.raises(PolicyError, match=message):
        extract(html, selector=selector)


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul><li", "table><tr><td", "blockquote", "section", "details"])
def test_depth_is_no_matter(tag):
    html = f"<{tag}>" * 20_000 + "We collect." + "</x>" * 100 + "<p>We keep."
    assert " ".join(" ".join(p.sentences) for p in extract(html).paragraphs) == "We collect. We keep."
