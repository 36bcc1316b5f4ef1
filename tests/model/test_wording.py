import pytest

from compliance.model.wording import is_name, kind_of, opposite, same_word, tokens_of


def words(text):
    return [t.word for t in tokens_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We don't, can't, won't and cannot.", "we do not can not will not and can not"),
        ("E-mail us: a.b@c.test!", "email us a.b@c.test"),
        ("third-party 3,5 % of 2.50", "third party 3,5 of 2.50"),
        ("Straße", "strasse"),
        ("我们 ok", "我 们 ok"),
        ("...", ""),
    ],
)
def test_words(text, expected):
    assert words(text) == expected.split()


def test_places():
    text = "Er, we don't."
    assert [text[t.start : t.end] for t in tokens_of(text)] == ["Er", "we", "don't", "don't"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("not", "negation or limit"),
        ("niemals", "negation or limit"),
        ("may", "modal verb"),
        ("podemos", "modal verb"),
        ("2017", "number or term"),
        ("jours", "number or term"),
        ("partners", "party"),
        ("ip", "kind of data"),
        ("table", ""),
    ],
)
def test_kinds(word, kind):
    assert kind_of(word) == kind


def test_spelling_and_contraries():
    assert same_word("anonymus", "anonymous") > 0.8
    assert same_word("lawful", "unlawful") == 0
    assert same_word("may", "mays") == 0
    assert same_word("house", "garden") == 0
    assert opposite("identifiable", "unidentifiable")
    assert not opposite("house", "houses")


def test_names():
    text = "We ask Acme. They answer us."
    assert [t.word for t in tokens_of(text) if is_name(text, t)] == ["acme"]
