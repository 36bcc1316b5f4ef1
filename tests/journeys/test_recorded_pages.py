"""Which pages are tried for session recording: few, and together they run every script."""

from compliance.journeys.recorded_pages import recording_targets
from compliance.model.recording import scripts_of
from compliance.model.visit import VisitOutcome
from compliance.testing import form, form_field, request, visit

HOME = "https://shop.test/"


def page(path, *scripts, fetched=(), **fields):
    asked = [request(url, resource="script") for url in fetched]
    return visit(f"{HOME}{path}", scripts=tuple(f"{HOME}{name}" for name in scripts), requests=asked, **fields)


def targets(*visits, **options):
    return [url.removeprefix(HOME) for url in recording_targets(visits, **options)]


def test_few_pages_run_every_script():
    visits = [page("", "a"), page("1", "a"), page("2", "a", "b"), page("3", "a", "c"), page("4", "a", "b", "d")]
    assert targets(*visits) == ["3", "4"]


def test_scripts_that_were_fetched_count_without_query():
    late = [page("", "a"), page("1", "a", fetched=["https://vendor.test/r.js?x=1"])]
    assert targets(*late) == ["1"]
    assert scripts_of(late[1]) == {f"{HOME}a", "https://vendor.test/r.js"}


def test_versions_and_digests_in_addresses_make_no_new_script():
    one = page("", fetched=["https://vendor.test/r.0f3a9c21b7.js"])
    other = page("1", fetched=["https://vendor.test/r.77aa01b2cd.js"])
    assert scripts_of(one) == scripts_of(other)
    assert targets(one, other) == [""]


def test_where_a_page_sends_its_visitor_is_no_script():
    assert scripts_of(visit(scripts=("refresh:5", "inline:ab12cd34ef"))) == {"inline:ab12cd34ef"}


def test_of_equal_pages_one_with_fields_is_tried():
    asks = form(form_field("email"))
    assert targets(page("", "a"), page("contact", "a", forms=[asks])) == ["contact"]
    assert targets(page("", "a", "b"), page("contact", "a", forms=[asks])) == ["", "contact"]


def test_no_more_than_the_limit():
    visits = [page(str(n), str(n)) for n in range(20)]
    assert len(targets(*visits)) == 8
    assert len(targets(*visits, limit=3)) == 3


def test_a_site_without_scripts_is_tried_on_one_page():
    assert targets(page(""), page("1")) == [""]


def test_pages_that_were_not_seen_are_not_tried():
    assert targets(page("", "a", outcome=VisitOutcome.HTTP_ERROR), page("x", outcome=VisitOutcome.OK_NON_HTML)) == []
