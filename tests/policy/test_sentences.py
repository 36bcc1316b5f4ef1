import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.policy.sentences import split_sentences

CASES = [
    # plain
    "We collect data. | We keep it! | Do we sell it? | No.",
    "no full stop at the end",
    "We wait... and go on. | Then we stop… | Done.",
    # abbreviations that never end a sentence
    "We use e.g. Google Analytics and i.e. Matomo. | Both count.",
    "Dr. Meier and Mr. J. Smith answer. | Prof. Lang too.",
    "Wir speichern z. B. Ihre IP-Adresse bzw. Ihren Namen. | Wir löschen sie.",
    "Das gilt u.a. Für Cookies vgl. Abschnitt 3. | Bitte lesen Sie ihn.",
    "Nous utilisons p. ex. Google. | Vous pouvez refuser.",
    "Usamos p. ej. Google y otros. | Usted puede negarse.",
    # abbreviations before a number
    "See Art. 6 Abs. 1 S. 1 lit. f DSGVO. | Wir wägen ab.",
    "Under Sec. 5 and No. 7 of Reg. 2016/679 you may object. | The answer is no. | We stop.",
    "Diese Art. | Wir erklären sie.",
    # abbreviations that may end one
    "Operated by Facebook Inc. | We have no control.",
    "Google Inc. Privacy Policy applies.",
    "Apple Inc., Meta Platforms Ltd., and others. | They differ.",
    "We ask for name, address, etc. | You may refuse.",
    "(the number of visits, pages viewed, etc.), to trace you. | Hence you stay unknown.",
    "The U.S. Government may ask. | Data goes to the U.S. | We tell you.",
    "Google Ireland Ltd. ist Anbieter. | Die Meta S.A. Nutzt sie.",
    "Contact us. | Requests are answered.",
    # numbers, dates, markers
    "Version 3.5 costs 2.50 Euro. | It is good.",
    "Stand: 25. Mai 2018. | Bis zum 31. Dezember gilt sie.",
    "We changed it in 2018. | We did it well.",
    "1. Introduction",
    "2.1. Data we collect",
    "a) Cookies and tags. | We use both.",
    "(iv) Your rights. | You have many.",
    # addresses
    "Visit www.example.com. | Write to privacy@example.com. | Read https://example.com/a.html?x=1.2. | Thanks.",
    "Visit shop.nl. | Visitors may write.",
    "Yahoo! uses cookies. | Others do too.",
    # quotes and brackets
    'He said "No." | Then he left.',
    "Wir nennen es „Profil.“ | Danach löschen wir es.",
    "Il dit «non.» | Nous acceptons.",
    "We keep it (see below. It is long.) and go on. | Done.",
    "We said so (twice.) | We go on.",
    "An open (bracket is never closed. | We go on. | And on.",
    "¿Quién es? | ¡Nosotros! | Escríbanos.",
    "Qui sommes-nous ? | Nous sommes une société.",
    # no space between sentences
    "我们收集信息。|我们不出售信息。",
]


@pytest.mark.parametrize("case", CASES)
def test_cuts_where_the_bars_stand(case):
    expected = [part.strip() for part in case.split("|")]
    joint = "" if "。" in case else " "
    assert split_sentences(joint.join(expected)) == expected


def test_nothing_in_nothing_out():
    assert split_sentences(" \n\t ") == []


def test_collapses_white_space():
    assert split_sentences("We\n  collect\u00a0data.\n\nWe keep it.") == ["We collect data.", "We keep it."]


@given(st.text(alphabet=st.sampled_from("aB .!?()[]\"'”…1\n,z"), max_size=200))
def test_loses_no_character(text):
    parts = split_sentences(text)
    assert " ".join(parts) == " ".join(text.split())
    assert all(parts)


@pytest.mark.parametrize("hostile", ["." * 100_000, "(a. B " * 20_000, "x.) " * 20_000, "((" * 50_000 + "))" * 50_000])
def test_hostile_text_comes_back_whole(hostile):
    assert re.sub(r"\s", "", "".join(split_sentences(hostile))) == re.sub(r"\s", "", hostile)
