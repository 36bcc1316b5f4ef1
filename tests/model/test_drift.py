from datetime import date

import pytest

from compliance.model.drift import DriftState, compare, compare_versions
from compliance.model.policy import PolicyVersion, Sentence

SENTENCE = "We keep the e-mail address that you give us for 30 days and may not share it with anyone at all."


def page(text):
    return f"Home\nProducts\nContact us\nPrivacy Policy\n\n{text}\n\n© 2026 Shop. All rights reserved.\nImprint"


@pytest.mark.parametrize(
    "live",
    [
        SENTENCE,
        SENTENCE.replace(" ", "\n "),
        SENTENCE.replace("e-mail", "e\u2011mail"),
        SENTENCE.replace("-", "\u2013").replace(" us ", "\u00a0us "),
        SENTENCE.replace("keep", "ke\u00adep"),
        SENTENCE.upper(),
        f"Some other sentence. {SENTENCE} Another one follows, with more.",
    ],
)
def test_same(live):
    drift = compare(SENTENCE, page(live))
    assert (drift.state, drift.similarity, drift.changes) == (DriftState.SAME, 1.0, ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("e-mail", "email"),
        ("30 days and", "30 days, and"),
        ("anyone at all", "anyonne at all"),
        ("may not", "mayn't"),
        ("give us", "give us here"),
    ],
)
def test_cosmetic(old, new):
    drift = compare(SENTENCE, page(SENTENCE.replace(old, new)))
    assert drift.state is DriftState.COSMETIC
    assert drift.similarity >= 0.95
    assert drift.changes


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("30", "90", "number"),
        ("30 days", "30 months", "number or term"),
        ("may not share", "may share", "negation"),
        ("may not", "might not", "modal verb"),
        ("may not", "will not", "modal verb"),
        ("with anyone at all", "with partners at all", "party"),
        ("e-mail address", "phone number", "kind of data"),
        ("with anyone", "with Acme", "name"),
        ("at all.", "at all, except in some cases.", "except in some cases"),
        ("at all.", "at all unless the law says so.", "unless"),
        ("We keep", "Where it is allowed, we keep", "where it is allowed"),
        ("and may not share it with anyone at all", "and will never ever show or share it with anyone", "became"),
    ],
)
def test_changed(old, new, told):
    drift = compare(SENTENCE, page(SENTENCE.replace(old, new)))
    assert drift.state is DriftState.CHANGED
    assert told in " ".join(drift.changes)
    assert drift.live.startswith(new.split()[0] if old == "We keep" else "We keep")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Wir geben Ihre Daten nicht an andere weiter.", "Wir geben Ihre Daten an andere weiter."),
        ("Wir dürfen Ihre Daten an andere weitergeben.", "Wir werden Ihre Daten an andere weitergeben."),
        ("Nous ne vendons jamais vos données à qui que ce soit.", "Nous vendons vos données à qui que ce soit."),
        ("Podemos usar los datos para otra cosa.", "Debemos usar los datos para otra cosa."),
        ("Non vendiamo i dati a nessuno in alcun modo.", "Vendiamo i dati a nessuno in alcun modo."),
        ("Wij delen de gegevens niet met anderen.", "Wij delen de gegevens met anderen."),
        ("Não vendemos os dados a outras pessoas.", "Vendemos os dados a outras pessoas."),
        ("The data is identifiable by us and by you alone in some way or other, as we all know so well here today.",
         "The data is unidentifiable by us and by you alone in some way or other, as we all know so well here today."),
    ],
)  # fmt: skip
def test_a_word_that_decides_the_meaning_is_never_cosmetic(old, new):
    assert compare(old, page(new)).state is DriftState.CHANGED


def test_removed():
    drift = compare(SENTENCE, page("We love to hear from our customers, wherever they may live."))
    assert drift.state is DriftState.REMOVED
    assert drift.similarity < 0.75


def test_empty_page():
    assert compare(SENTENCE, "").state is DriftState.REMOVED


def test_part_of_a_sentence_is_found_inside_it():
    assert compare("keep the e-mail address", page(SENTENCE)).state is DriftState.SAME
    assert compare("that you give us for 30 days", page(SENTENCE)).state is DriftState.SAME


def test_words_are_not_found_inside_words():
    assert compare("we sell data", "Elsewhere we sell database software").state is not DriftState.SAME


def test_the_best_of_several_similar_windows():
    text = page("We keep your name for 10 days. We keep your name for 20 days. We keep your name for 30 days.")
    drift = compare("We keep your name for 20 days.", text)
    assert (drift.state, drift.live) == (DriftState.SAME, "We keep your name for 20 days")


def test_a_missing_full_stop_before_a_capital_is_no_new_sentence():
    assert compare("We keep it for ever.", "We keep it for ever\nMore").state is DriftState.SAME
    assert compare("We keep it for ever.", "We keep it for ever Read more").state is DriftState.SAME


def test_a_quote_without_words_is_an_error():
    with pytest.raises(ValueError, match="without words"):
        compare("...", "text")


def version(*texts):
    sentences = tuple(Sentence(n, t, "", n) for n, t in enumerate(texts, 1))
    return PolicyVersion("", "shop.test", "Privacy", "", date(2026, 1, 1), sentences, "")


def test_versions():
    old = version(
        "We collect the things you tell us.",
        "We keep them for 30 days in a safe place.",
        "We give them to nobody but the police.",
        "Unicorns guard the whole archive at night.",
    )
    live = page(
        "We collect the things you tell us. We sell them to whoever pays best. "
        "We keep them for 60 days in a safe place. We give them to nobody but the police."
    )
    drift = compare_versions(old, live)
    assert [d.state.value for _, d in drift.sentences] == ["same", "changed", "same", "removed"]
    assert drift.added == ("We sell them to whoever pays best",)
    assert drift.summary == "2 same, 1 changed, 1 removed; 1 passage added"


def test_a_long_page_and_common_words():
    filler = "we and the data of you or to us " * 6000
    drift = compare(SENTENCE, filler + SENTENCE.replace("30", "31") + " " + filler)
    assert drift.state is DriftState.CHANGED
    assert "'30' became '31'" in drift.changes[0]
