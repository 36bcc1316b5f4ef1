"""What a good spec gives, and what it warns of."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from compliance.checks import BUILTIN, registry
from compliance.errors import SpecErrors
from compliance.model.policy import PolicyVersion, Sentence
from compliance.specfile import attested_until, binding, load_spec
from compliance.specfile.quotes import QuoteFinder

from .conftest import DATA, GOOD, Lifetime, Requests

TODAY = date(2026, 11, 22)


def test_a_good_spec(write) -> None:
    path = write(GOOD)
    loaded = load_spec(path, today=TODAY)
    assert loaded.spec.promises[1].quote[1] == "We use cookies only to remember your basket."
    assert loaded.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert loaded.text == GOOD
    assert loaded.path == path
    assert loaded.policy.title == "Privacy Policy"
    assert loaded.warnings == ()
    assert loaded.parameters == {
        ("no-sale", "third-party-requests"): Requests(allow=frozenset({"pay.test"})),
        ("short-memory", "cookie-lifetime"): Lifetime(longest=30 * 86400.0),
        ("short-memory", "third-party-requests"): Requests(),
    }


def test_checks_as_a_list(write) -> None:
    text = GOOD.replace(
        "checks:\n      third-party-requests:\n        allow: [pay.test]", "checks: [third-party-requests]"
    )
    loaded = load_spec(write(text))
    assert loaded.parameters["no-sale", "third-party-requests"] == Requests()
    assert loaded.spec.promises[0].checks == {"third-party-requests": {}}
    assert loaded.locate("promises", 0, "checks", "third-party-requests").column == 14


def test_accounts(write) -> None:
    told = load_spec(write(GOOD)).accounts
    assert [(a.number, a.promises, a.not_promised, a.heading) for a in told] == [
        (1, (), "A heading.", True),
        (2, ("no-sale",), "", False),
        (3, ("short-memory",), "", False),
        (4, ("short-memory",), "", False),
        (5, (), "A heading.", True),
        (6, (), "An address.", False),
    ]
    assert {a.outcome for a in told} == {None}
    assert told[2].section == "What we do"
    assert told[1].paragraph == told[2].paragraph


def test_places(write) -> None:
    path = write(GOOD)
    loaded = load_spec(path)
    assert str(loaded.promise_location("short-memory")) == f"{path}:15:5"
    assert str(loaded.locate("promises", 1, "checks", "cookie-lifetime", "longest")) == f"{path}:22:25"
    assert str(loaded.locate("promises", 1, "waiver", "expires")) == f"{path}:15:5"
    assert str(loaded.locate("scope")) == f"{path}:1:1"
    with pytest.raises(KeyError):
        loaded.promise_location("nothing")


def test_another_policy_folder(write, tmp_path: Path) -> None:
    path = write(GOOD.replace("path: policy", "path: gone"))
    with pytest.raises(SpecErrors, match=r"gone/meta\.toml"):
        load_spec(path)
    assert load_spec(path, policy_dir=DATA / "policy").policy.site == "shop.test"


def test_quotes_ignore_what_a_browser_ignores(write) -> None:
    text = GOOD.replace("quote: We do not sell your data.", "quote: >-\n      WE  do not\n      sell\n      your data.")
    assert load_spec(write(text)).accounts[1].promises == ("no-sale",)


def test_errors_of_the_text_and_of_the_model_come_together(write) -> None:
    with pytest.raises(SpecErrors) as caught:
        load_spec(write(GOOD.replace("  name: Shop", "  name: !x Shop\n  nmae: b").replace("30 days}", "30 dogs}")))
    assert [e.location.line for e in caught.value.errors] == [3, 4, 23]
    assert str(caught.value).count("\n") == 5


ATTESTED = """\
    attestation: {{statement: So it is., by: Me, date: {date}{more}}}
    waiver: {{reason: Old shop., owner: Me, expires: {waived}}}
"""


def with_attestation(date: str, more: str = "", waived: str = "2027-01-01") -> str:
    return GOOD.replace("not_promised:", ATTESTED.format(date=date, more=more, waived=waived) + "not_promised:")


def warned(path: Path) -> list[str]:
    return [f"{w.location.line}:{w.location.column} {w.message}" for w in load_spec(path, today=TODAY).warnings]


def test_dates_are_dates(write) -> None:
    promise = load_spec(write(with_attestation("2026-10-01", ", expires: 2026-12-24")), today=TODAY).spec.promises[1]
    assert promise.attestation
    assert promise.attestation.expires == date(2026, 12, 24)
    assert promise.waiver
    assert promise.waiver.expires == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (with_attestation("2025-11-22"), []),
        (with_attestation("2025-11-21"), ["24:55 the attestation expired on 2026-11-21"]),
        (with_attestation("2025-11-21", ", expires: 2026-11-22"), []),
        (with_attestation("2026-01-01", ", expires: 2026-11-21"), ["24:76 the attestation expired on 2026-11-21"]),
        (with_attestation("2026-11-23"), ["24:55 the attestation is dated 2026-11-23, in the future"]),
        (with_attestation("2026-10-01", waived="2026-11-22"), []),
        (with_attestation("2026-10-01", waived="2026-11-21"), ["25:53 the waiver expired on 2026-11-21"]),
    ],
)
def test_expired(write, text: str, expected: list[str]) -> None:
    assert warned(write(text)) == expected


def test_expired_authorisation(write) -> None:
    block = "authorisation: {by: Me, date: 2025-01-01, expires: 2026-01-01, contact: me@shop.test, origins: [https://shop.test]}\n"
    assert warned(write(GOOD + block)) == ["31:52 the authorisation expired on 2026-01-01"]


@pytest.mark.parametrize(
    ("day", "until"), [("2024-02-29", "2025-02-28"), ("2026-03-01", "2027-03-01"), ("9999-05-05", "9999-12-31")]
)
def test_an_attestation_lasts_a_year(write, day: str, until: str) -> None:
    attestation = load_spec(write(with_attestation(day)), today=TODAY).spec.promises[1].attestation
    assert attestation
    assert attested_until(attestation) == date.fromisoformat(until)


def version(*texts: str) -> PolicyVersion:
    sentences = tuple(Sentence(n, text, "", n) for n, text in enumerate(texts, start=1))
    return PolicyVersion("p", "shop.test", "Policy", "", TODAY, sentences, "0" * 64)


@pytest.mark.parametrize(
    "quote", ["sell", "data. We", "We do not sell your data. We keep it", "nothing", "", " ", "“quoted”"]
)
def test_the_finder_says_what_the_version_says(quote: str) -> None:
    policy = version("We do not sell your data.", "We keep it.", "\u200b", 'A "quoted" word.')
    assert QuoteFinder(policy).touched(quote) == policy.find(quote)


def test_a_whole_sentence_stands_for_itself_wherever_it_stands() -> None:
    finder = QuoteFinder(version("We use cookies.", "Cookies", "Ask us about cookies.", "Cookies"))
    assert [s.number for s in finder.touched("Cookies")] == [2, 4]
    assert finder.places("Cookies") == 2
    assert finder.places("use") == 1
    assert finder.places("") == 0


def test_a_finder_without_sentences() -> None:
    finder = QuoteFinder(version())
    assert finder.touched("a") == ()
    assert "nothing there is close" in finder.closest("a")


def test_the_hint_of_a_part_of_a_sentence_names_no_difference_outside_it() -> None:
    finder = QuoteFinder(version("As a rule we do not sell any of your data to anybody."))
    assert finder.closest("we do not sell all of your data").endswith("the quote says 'all', the policy 'any'")


@pytest.mark.parametrize("check", BUILTIN, ids=lambda check: check.id)
def test_the_real_checks_refuse_an_unknown_parameter(write, monkeypatch: pytest.MonkeyPatch, check) -> None:
    monkeypatch.setattr(binding, "registry", registry)
    text = GOOD.partition("  - id: short-memory")[0].replace("third-party-requests:", f"{check.id}:")
    with pytest.raises(SpecErrors) as caught:
        load_spec(write(text.replace("allow: [pay.test]", "zebra: 1")))
    assert "14:9 unknown key 'zebra'" in [
        f"{e.location.line}:{e.location.column} {e.message}" for e in caught.value.errors
    ]
