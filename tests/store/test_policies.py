import re
from datetime import date
from pathlib import Path

import pytest

from compliance.errors import PolicyError
from compliance.model.policy import PolicyVersion
from compliance.store.policies import Paragraph, digest_of, numbered, read_version, write_version

FOUNDING = Path(__file__).parents[2] / "policies/spaceotechnologies.com/2017-02-22"

TEXT = [
    Paragraph(("We love the law.",)),
    Paragraph(("What we collect", "And why?"), heading=True),
    Paragraph(("[sic] We collect “data” — e.g. #names.", "# not a heading")),
    Paragraph(("Rights",), heading=True),
    Paragraph(("More",), heading=True),
    Paragraph(("You have\u200b some.",)),
]


def version(folder, paragraphs=TEXT, **fields):
    sentences = numbered(paragraphs)
    given = {
        "path": str(folder),
        "site": "shop.test",
        "title": "Privacy Policy",
        "source": "https://shop.test/privacy",
        "captured": date(2026, 11, 22),
        "sentences": sentences,
        "digest": digest_of(sentences),
        "note": 'Two lines\nand a "quote", a \\ and \x7f.',
    }
    return PolicyVersion(**(given | fields))


@pytest.fixture
def stored(tmp_path):
    write_version(tmp_path / "v", version(tmp_path / "v"))
    return tmp_path / "v"


def test_round_trip_is_exact(stored):
    assert read_version(stored) == version(stored)


def test_round_trip_of_the_file(stored, tmp_path):
    again = tmp_path / "again"
    write_version(again, read_version(stored))
    for name in ("version.md", "meta.toml"):
        assert (again / name).read_bytes() == (stored / name).read_bytes()


def test_reads_files_with_windows_line_ends(stored):
    for name in ("version.md", "meta.toml"):
        (stored / name).write_bytes((stored / name).read_bytes().replace(b"\n", b"\r\n"))
    assert read_version(stored).sentences == version(stored).sentences


def test_sections_and_paragraphs():
    sentences = numbered(TEXT)
    assert [s.number for s in sentences] == list(range(1, 9))
    assert [s.section for s in sentences] == [
        "",
        *["What we collect And why?"] * 4,
        "Rights",
        "More",
        "More",
    ]
    assert [s.paragraph for s in sentences] == [1, 2, 2, 3, 3, 4, 5, 6]


def replace(folder, name, old, new):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("version.md", "some.", "many.", r"meta\.toml:5: the text of version\.md was changed.*\n.*re-capture"),
        ("version.md", "[4]", "[9]", r"version\.md:8: sentence number 9, expected 4"),
        ("version.md", "[2] ", "", r"version\.md:5: neither a sentence"),
        ("version.md", "# Privacy Policy", "Privacy Policy", r"version\.md:1: the first line must be the title"),
        ("version.md", "# Privacy Policy", "# Privacy", r"version\.md:1: the title is 'Privacy', meta\.toml says"),
        ("version.md", "\n\n[4]", "\n[4]", r"version\.md:7: a heading needs a blank line"),
        ("version.md", "[4]", "free text\n[4]", r"version\.md:8: neither"),
        ("meta.toml", "site =", "sites =", r"meta\.toml:1: unknown key 'sites'"),
        ("meta.toml", 'site = "shop.test"\n', "", r"meta\.toml:1: key 'site' is missing"),
        ("meta.toml", "2026-11-22", '"yesterday"', r"meta\.toml:4: captured must be a date"),
        ("meta.toml", "2026-11-22", "2026-11-22T10:00:00", r"meta\.toml:4: captured must be a date"),
        ("meta.toml", '"shop.test"', "shop.test", r"meta\.toml:1: "),
        ("meta.toml", '"shop.test"', "7", r"meta\.toml:1: site must be a string"),
    ],
)
def test_damage_is_named_with_file_and_line(stored, name, old, new, message):
    replace(stored, name, old, new)
    with pytest.raises(PolicyError, match=message):
        read_version(stored)


def test_a_version_without_sentences(stored):
    (stored / "version.md").write_text("# Privacy Policy\n", "utf-8")
    with pytest.raises(PolicyError, match=r"version\.md:1: the version holds no sentence"):
        read_version(stored)


def test_missing_folder_says_what_to_do(tmp_path):
    with pytest.raises(PolicyError, match=r"meta\.toml: cannot be read(.|\n)*capture"):
        read_version(tmp_path / "nowhere")


def test_not_utf8(stored):
    (stored / "version.md").write_bytes(b"# Privacy Policy\n\xff\n")
    with pytest.raises(PolicyError, match=r"version\.md: not UTF-8"):
        read_version(stored)


def test_where_a_sentence_ends_may_be_corrected_by_hand(stored):
    replace(stored, "version.md", "[1] We love the law.\n", "[1] We love\n[2] the law.\n")
    path = stored / "version.md"
    head, tail = path.read_text("utf-8").split("[2] the law.\n")
    path.write_text(
        f"{head}[2] the law.\n" + re.sub(r"(?m)^(## )?\[(\d)\]", lambda m: f"{m[1] or ''}[{int(m[2]) + 1}]", tail),
        "utf-8",
    )
    assert [s.text for s in read_version(stored).sentences[:2]] == ["We love", "the law."]


@pytest.mark.parametrize(
    "fields",
    [
        {"sentences": numbered(TEXT)[1:]},
        {"sentences": ()},
        {"sentences": numbered([Paragraph(("two\nlines",))])},
        {"sentences": numbered([Paragraph((" ",))])},
        {"sentences": numbered([Paragraph(("lone \ud800",))])},
        {"title": ""},
    ],
)
def test_refuses_to_write_what_it_could_not_read(tmp_path, fields):
    with pytest.raises(PolicyError):
        write_version(tmp_path / "v", version(tmp_path, **fields))
    assert not (tmp_path / "v").exists()


def test_founding_policy():
    founding = read_version(FOUNDING)
    assert founding.captured == date(2017, 2, 22)
    assert founding.source.startswith("https://web.archive.org/web/20170222015005id_/")
    assert len(founding.sentences) == 11
    assert [s.number for s in founding.sentences if s.heading] == [1]
    assert "anonymus" in founding.sentences[3].text
    snapshot = " ".join((FOUNDING / "snapshot.txt").read_text("utf-8").replace("**", "").replace(" ,", ",").split())
    at = 0
    for sentence in founding.sentences:
        at = snapshot.index(sentence.text, at) + len(sentence.text)
    assert not snapshot[at:].strip()
