"""Folding, and patterns from word tables."""

from compliance.knowledge.words import alternatives, entries, fold, pattern, words


def test_accents_and_case_make_no_difference():
    assert fold("Prénom STRASSE Straße") == "prenom strasse strasse"


def test_names_of_fields_fall_into_words():
    assert words("contact[firstName]") == "contact first name"
    assert words("your-email_2") == "your email 2"
    assert words("  What’s   new?! ") == "what s new"


def test_only_the_beginning_of_a_long_text_is_read():
    assert len(words("x " * 100_000)) < 2000


def test_a_table_is_read_over_lines():
    assert entries("a b,\n   c   d ,, e") == ["a b", "c d", "e"]


def test_a_star_stands_for_letters_and_entries_for_whole_words():
    known = pattern("*phone*, e mail, =land")
    assert known.search("your telephone number")
    assert known.search("my e mail")
    assert not known.search("the mail")
    assert known.search("land")
    assert not known.search("land of milk")
    assert not known.search("landing")


def test_what_looks_like_a_pattern_is_text():
    assert alternatives("a.b, c+") == r"a\.b|c\+"
    assert pattern("=x").search("x")
    assert not pattern("=x").search("x y")
