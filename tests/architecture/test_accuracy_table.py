"""The labelled table hangs together, and scores are counted as its page says. No browser."""

import hashlib
import json

import pytest
from pydantic import ValidationError

from benchmarks.accuracy import packages
from benchmarks.accuracy.audit import Result, Seen
from benchmarks.accuracy.command import available
from benchmarks.accuracy.packages import NotAvailable, served
from benchmarks.accuracy.report import WIDTH, as_json, told
from benchmarks.accuracy.score import score
from benchmarks.accuracy.serve import SHARED, laid_out, site
from benchmarks.accuracy.table import PAGES, Label, Package, Page, Table, load
from compliance.checks import registry
from compliance.demo.behaviour import MAIN_HOST
from compliance.demo.server import PUBLIC_KEY

TABLE = load()
DOES = "Does something that a person has described."


def page(name, **more):
    return Page.model_validate({"page": name, "does": DOES} | more)


def result(name, **outcomes):
    return Result(name, 1.0, "", {check.replace("_", "-"): Seen(o, "because") for check, o in outcomes.items()})


def test_every_row_has_its_page_and_every_page_its_row():
    folders = {f.name for f in PAGES.iterdir() if f.is_dir()} - {SHARED.name}
    assert {row.page for row in TABLE.pages} == folders


def test_pages_are_served_on_this_machine_under_every_name_that_they_use():
    for row in TABLE.pages:
        assert {MAIN_HOST, "pixel.tracker.test"} <= laid_out(row.folder).hosts
    with site(PAGES / "kt-ads") as settings:
        assert all(entry.split(":")[1] == "127.0.0.1" for entry in settings.resolve)
        assert {"*.test", "ad.doubleclick.net", PUBLIC_KEY} == set(settings.ignore_tls)


def test_most_pages_break_something_or_look_as_if_and_each_check_has_both():
    known = registry()
    for check in TABLE.checks.keys() & known.keys():
        labels = [row.label(check) for row in TABLE.pages]
        assert labels.count(Label.BROKEN) >= 2, check
        assert labels.count(Label.KEPT) >= 50, check
    assert sum(row.page.startswith("ok-") for row in TABLE.pages) >= 50
    for row in TABLE.pages:
        assert not row.page.startswith("ok-") or not row.broken & {"no-fingerprinting", "no-identifying-cookies"}


def test_the_small_run_has_broken_and_innocent_pages_and_needs_no_network():
    quick = [row for row in TABLE.pages if row.quick]
    assert 6 <= len(quick) <= 12
    assert any(row.broken for row in quick)
    assert any(not row.broken for row in quick)
    assert not any(row.packages for row in quick)


def test_costly_checks_are_asked_in_the_small_run_where_a_page_breaks_them():
    table = Table.model_validate({"checks": {"a": {}, "b": {}}, "costly": ["b"], "pages": [page("x", broken=["b"])]})
    assert table.asked(page("y"), quick=True) == {"a"}
    assert table.asked(page("y"), quick=False) == table.asked(table.pages[0], quick=True) == {"a", "b"}
    assert score([page("y")], {"y": result("y", a="passed")}, ["a", "b"]).total.right == 1


def test_checks_that_do_not_exist_are_told():
    table = Table.model_validate({"checks": {"cookie-lifetime": {}, "not-made-yet": {}}, "pages": [page("a")]})
    assert available(table) == ({"cookie-lifetime": {}}, ["not-made-yet"])


@pytest.mark.parametrize(
    "rows",
    [
        [page("a"), page("a")],
        [page("a", broken=["no-such-check"])],
        [page("a", limits={"no-such-check": "x"})],
    ],
)
def test_a_table_that_contradicts_itself_is_refused(rows):
    with pytest.raises(ValidationError):
        Table.model_validate({"checks": {"cookie-lifetime": {}}, "pages": rows})


def test_a_check_has_one_label():
    with pytest.raises(ValidationError, match="both"):
        page("a", broken=["x"], unjudged={"x": "nobody can say"})


ROWS = [
    page("found", broken=["one"]),
    page("missed", broken=["one"]),
    page("left", broken=["one"]),
    page("known", broken=["one"], limits={"one": "a reason"}),
    page("wrong"),
    page("right"),
    page("open"),
    page("nobody", unjudged={"one": "a matter of reading"}),
    page("absent", broken=["one"]),
]
OUTCOMES = {
    "found": "failed",
    "missed": "passed",
    "left": "inconclusive",
    "known": "passed",
    "wrong": "failed",
    "right": "inapplicable",
    "open": "error",
    "nobody": "failed",
}


def scores():
    results = {name: result(name, one=outcome) for name, outcome in OUTCOMES.items()}
    return score(ROWS, results | {"absent": Result("absent", 0.0, "no registry")}, ["one"])


def test_what_is_counted():
    found = scores()
    counts = found.by_check["one"]
    assert (counts.found, counts.missed, counts.open_broken) == (1, 2, 1)
    assert (counts.wrong, counts.right, counts.open_kept) == (1, 1, 1)
    assert (counts.precision, counts.recall) == (0.5, 0.25), "left open is not found; what did not run is nowhere"
    assert found.not_run == {"absent": "no registry"}
    assert {m.page for m in found.mistakes if m.serious} == {"missed", "left", "wrong"}
    assert {m.page for m in found.mistakes if not m.serious} == {"known", "open"}
    assert score([page("a")], {"a": result("a", one="passed")}, ["one"]).total.precision is None


def test_the_report_has_eighty_columns_and_says_every_mistake():
    text = told(scores(), ["later"], len(ROWS))
    assert max(map(len, text.splitlines())) <= WIDTH
    for word in ("missed · one", "known: a reason", "absent: no registry", "later", "0.500", "0.250"):
        assert word in text
    numbers = json.loads(json.dumps(as_json(scores(), ["later"], {"found": 1.23})))
    assert numbers["checks"]["one"]["recall"] == 0.25
    assert numbers["not_run"] == {"absent": "no registry"}


def test_a_package_that_is_not_there_or_not_the_one_is_not_run(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPLIANCE_BENCH_CACHE", str(tmp_path))
    wanted = Package(name="a@1.0.0", sha256=hashlib.sha256(b"a").hexdigest(), licence="MIT", files={"a.test/a.js": "a"})
    row = page("a", packages=[wanted.model_dump()])
    with pytest.raises(NotAvailable, match="not in the cache"):
        served(row, fetch=False)
    monkeypatch.setattr(packages.shutil, "which", lambda name: None)
    with pytest.raises(NotAvailable, match="npm"):
        served(row, fetch=True)
    (tmp_path / f"{wanted.sha256}.tgz").write_bytes(b"something else")
    with pytest.raises(NotAvailable):
        served(row, fetch=False)
