"""The spec of the founding policy says something about every sentence of it."""

import re
from pathlib import Path

from compliance.checks import registry
from compliance.specfile.lint import lint

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "specs" / "spaceotechnologies.com.yaml"


def test_the_spec_is_complete():
    report = lint(SPEC)
    assert [str(e) for e in report.errors] == []
    assert [str(w) for w in report.warnings] == []
    assert report.counts.sentences == 11
    assert report.counts.unaccounted == 0


def test_every_sentence_is_quoted_by_a_promise_that_says_how_it_is_judged():
    report = lint(SPEC)
    assert all(account.promises for account in report.accounts)
    text = SPEC.read_text("utf-8")
    for block in re.split(r"(?m)^  - id: ", text)[1:]:
        assert re.search(r"(?m)^    (checks|awaits|not_testable):", block), block.splitlines()[0]


def test_what_is_awaited_does_not_exist_yet():
    awaited = re.findall(r"(?m)^      - check: (\S+)", SPEC.read_text("utf-8"))
    assert awaited
    assert not set(awaited) & set(registry())
