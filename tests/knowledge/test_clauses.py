"""Clauses about other sites, in seven languages, and sentences that only look like one."""

import pytest

from compliance.knowledge.clauses import find_clause, is_notice, mark_of, sentences

CLAUSES = [
    "Though our website shares links to other sites, we take no responsibility for the content or the privacy "
    "practices employed by such websites.",
    "Our site contains links to other websites. We are not responsible for their content.",
    "We don't control third-party websites and aren't responsible for what they do.",
    "This policy does not apply to external sites that you reach from here.",
    "Other websites have their own privacy policies. Please read them.",
    "We encourage you to read the privacy policies of third-party websites you visit.",
    "Links to other websites\nWe cannot be held liable for the content of these pages.",
    "We disclaim all liability for linked sites.",
    "You follow links to other sites at your own risk.",
    "Unser Angebot enthält Links zu externen Websites Dritter, auf deren Inhalte wir keinen Einfluss haben.",
    "Für die Inhalte externer Links übernehmen wir keine Haftung.",
    "Für verlinkte Seiten haften wir trotz Prüfung nicht.",
    "Ce site contient des liens vers d'autres sites. Nous ne sommes pas responsables du contenu de ces sites.",
    "L’éditeur décline toute responsabilité quant aux sites tiers.",
    "Nuestra web contiene enlaces a otros sitios. No nos hacemos responsables de las prácticas de esos sitios.",
    "Il sito contiene link a siti di terzi: non siamo responsabili dei loro contenuti.",
    "Wij zijn niet verantwoordelijk voor de inhoud van websites van derden.",
    "Não somos responsáveis pelas práticas de privacidade de outros sites.",
    "Our site has links to other\nsites, and we accept no\nresponsibility for them.",
]
NO_CLAUSES = [
    "We share your data with third parties who personalise content.",
    "We are responsible for all external links on our site.",
    "We are not only responsible for our own site but for linked sites as well.",
    "We do not hesitate to take responsibility for links to other sites.",
    "We do not disclaim liability for external links.",
    "Here are links to other sites that we like.",
    "We are not responsible for lost parcels. Below are links to other websites.",
    "Our site has links to other websites. We are not responsible for parcels that get lost.",
    "Third-party cookies are not under our control.",
    "This link leads to the site with our own privacy policy.",
    "Wir verlinken auf andere Websites. Wir haften für alles.",
    "Nous ne sommes pas responsables des retards de livraison.",
    "",
]


@pytest.mark.parametrize("text", CLAUSES)
def test_a_clause_is_found(text):
    assert find_clause(text)


@pytest.mark.parametrize("text", NO_CLAUSES)
def test_what_is_no_clause_is_not(text):
    assert not find_clause(text)


def test_the_passage_is_quoted_from_the_text_around_it():
    text = "Cookies\nWe set none.\nLinks\nWe link to other sites. We are not liable for them. Write to us.\nEnd"
    assert find_clause(text) == "We link to other sites. We are not liable for them."


def test_the_two_halves_must_stand_near_each_other():
    filler = " ".join("These words are about something else." for _ in range(3))
    assert not find_clause(f"We link to other sites. {filler} We are not responsible for these.")


def test_blocks_are_sentences():
    assert sentences("Menu\nHome\n\nWe do. Not; ever.") == ["Menu", "Home", "We do.", "Not", "ever."]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("BBC News (external)", ()),
        ("BBC News [external link, opens in new window]", ()),
        ("BBC News ↗", ()),
        ("BBC News, external site", ()),
        ("BBC News external link (opens in a new tab)", ()),
        ("External link: BBC News", ()),
        ("Tagesschau (externer Link)", ()),
        ("Le Monde – lien externe", ()),
        ("El País (enlace externo)", ()),
        ("Corriere (sito esterno)", ()),
        ("NOS (externe website)", ()),
        ("Público (ligação externa)", ()),
        ("BBC News", ("External site",)),
        ("BBC News", ("External",)),
        ("BBC News", ("", "This link leaves our site.")),
        ("", ("Externer Link",)),
    ],
)
def test_a_mark_is_seen(text, more):
    assert mark_of(text, *more)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("BBC News", ()),
        ("", ()),
        ("External auditors confirm it", ()),
        ("Work with external", ()),
        ("External link building for shops", ()),
        ("BBC News (opens in a new tab)", ("Opens in a new window",)),
        ("External hard drives", ("External hard drives on sale",)),
    ],
)
def test_what_is_no_mark_is_not(text, more):
    assert not mark_of(text, *more)


@pytest.mark.parametrize(
    "text",
    [
        "You are leaving our website for partner.test.",
        "Sie verlassen unsere Website.",
        "Partner (we are not responsible for the content of this site)",
        "Links to other sites: no liability for their content.",
    ],
)
def test_a_notice_beside_a_link(text):
    assert is_notice(text)


@pytest.mark.parametrize(
    "text", ["Read more at our partner.", "We are not responsible for typing errors.", "Leave a comment", ""]
)
def test_what_is_no_notice_is_not(text):
    assert not is_notice(text)
