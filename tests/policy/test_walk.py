import pytest
from selectolax.lexbor import LexborHTMLParser

from compliance.policy.walk import is_hidden, text_length, walk


class Log:
    def __init__(self, skip=""):
        self.skip, self.events = skip, []

    def enter(self, node):
        self.events.append(f"<{node.tag}>")
        return node.tag == self.skip

    def text(self, text):
        self.events.append(text)

    def leave(self, node):
        self.events.append(f"</{node.tag}>")


def events(html, selector="body", skip=""):
    log = Log(skip)
    root = LexborHTMLParser(html).css_first(selector)
    assert root is not None
    walk(root, log)
    return "".join(log.events)


def test_order_and_balance():
    html = "<p>a<b>b</b>c</p><hr><i></i><!-- no -->d"
    assert events(html) == "<body><p>a<b>b</b>c</p><hr></hr><i></i>d</body>"


def test_stays_inside_its_root():
    assert events("<p>a</p><div id=x><i>in</i></div><p>out</p>", "#x") == "<div><i>in</i></div>"
    assert events("<p id=x></p>out", "#x") == "<p></p>"


def test_leaves_out_what_it_is_told_to():
    assert events("<p>a<b>x<i>y</i></b></p><b>z</b>c", skip="b") == "<body><p>a<b></p><b>c</body>"
    assert events("<b>z</b>c", "b", skip="b") == "<b>"


def test_length():
    body = LexborHTMLParser("<p>a b</p><script>xx</script><details>cd</details>").body
    assert body is not None
    assert text_length(body) == 4


@pytest.mark.parametrize(
    ("attributes", "hidden"),
    [
        ("hidden", True),
        ('hidden="until-found"', False),
        ('aria-hidden="true"', True),
        ('aria-hidden="false"', False),
        ('style="DISPLAY : none"', True),
        ('style="display:block"', False),
        ("", False),
    ],
)
def test_hidden(attributes, hidden):
    node = LexborHTMLParser(f"<p {attributes}>x</p>").css_first("p")
    assert node is not None
    assert is_hidden(node) is hidden
