from dataclasses import replace
from datetime import date

import pytest

from compliance.errors import PolicyError
from compliance.model.drift import DriftState, compare_versions
from compliance.model.policy import PolicySnapshot
from compliance.policy.capture import store_capture, stored_already, version_from_snapshot
from compliance.store.policies import read_version

HTML = (
    "<title>Privacy</title><nav>Menu</nav><h2>Data</h2><p>We collect your name. We keep it for 30 days.</p>"
    "<table><tr><td>cookie</td><td>1 day</td></tr></table>"
    + "<p>And we say a lot more about it, at great length and with care.</p>"
    * 4
)
SNAPSHOT = PolicySnapshot("https://www.shop.test/p", "https://www.shop.test/privacy", date(2026, 11, 22), HTML)


def test_from_page_to_folder_and_back(tmp_path):
    version = version_from_snapshot(SNAPSHOT)
    folder = store_capture(SNAPSHOT, version, tmp_path)
    assert folder == tmp_path / "shop.test" / "2026-11-22"
    assert read_version(folder) == replace(version, path=str(folder))
    assert (folder / "snapshot.html").read_text("utf-8") == HTML
    assert version.site == "shop.test"
    assert version.source == "https://www.shop.test/privacy"
    assert version.note == "Reached from https://www.shop.test/p. Left out: navigation (4 characters)."
    assert sorted(p.name for p in folder.parent.iterdir()) == ["2026-11-22"]


def test_the_same_text_is_stored_once(tmp_path):
    version = version_from_snapshot(SNAPSHOT)
    assert stored_already(version, tmp_path) is None
    folder = store_capture(SNAPSHOT, version, tmp_path)
    before = (folder / "snapshot.html").read_bytes()
    other_markup = replace(SNAPSHOT, html=HTML.replace("<p>", "<p class=x>"))
    again = version_from_snapshot(other_markup)
    assert stored_already(again, tmp_path) == folder
    assert store_capture(other_markup, again, tmp_path) == folder
    assert (folder / "snapshot.html").read_bytes() == before


def test_another_text_of_the_same_day_overwrites_nothing(tmp_path):
    first = store_capture(SNAPSHOT, version_from_snapshot(SNAPSHOT), tmp_path)
    names = []
    for days in ("60", "90", "60"):
        changed = replace(SNAPSHOT, html=HTML.replace("30", days))
        names.append(store_capture(changed, version_from_snapshot(changed), tmp_path).name)
    assert names == ["2026-11-22.2", "2026-11-22.3", "2026-11-22.2"]
    assert "30 days" in read_version(first).sentences[2].text


def test_a_damaged_version_of_the_day_stops_it(tmp_path):
    folder = store_capture(SNAPSHOT, version_from_snapshot(SNAPSHOT), tmp_path)
    (folder / "version.md").write_text("# Privacy\n\n[1] We lie.\n", "utf-8")
    with pytest.raises(PolicyError, match="was changed after it was captured"):
        store_capture(SNAPSHOT, version_from_snapshot(SNAPSHOT), tmp_path)


def test_nothing_is_left_behind_when_writing_fails(tmp_path):
    version = replace(version_from_snapshot(SNAPSHOT), title="two\nlines")
    with pytest.raises(PolicyError, match="title"):
        store_capture(SNAPSHOT, version, tmp_path)
    assert list((tmp_path / "shop.test").iterdir()) == []


def test_plain_text(tmp_path):
    snapshot = replace(SNAPSHOT, html="We collect.\r\nWe keep.\r\n\r\nMore.", content_type="text/plain; charset=utf-8")
    version = version_from_snapshot(snapshot)
    assert [(s.text, s.paragraph) for s in version.sentences] == [("We collect.", 1), ("We keep.", 1), ("More.", 2)]
    assert version.title == "shop.test"
    assert (store_capture(snapshot, version, tmp_path) / "snapshot.txt").exists()


def test_selector():
    version = version_from_snapshot(SNAPSHOT, selector="table")
    assert [s.text for s in version.sentences] == ["cookie | 1 day"]
    assert "Text of the element table." in version.note


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"content_type": "application/pdf"}, "shop.test/privacy: a policy of type application/pdf cannot be read"),
        ({"html": "<div></div>"}, "shop.test/privacy: the page shows no text"),
        ({"html": " ", "content_type": "text/plain"}, "the document is empty"),
    ],
)
def test_one_clear_error(fields, message):
    with pytest.raises(PolicyError, match=message):
        version_from_snapshot(replace(SNAPSHOT, **fields))


@pytest.mark.parametrize("site", ["", "..", "a/b", "/etc"])
def test_a_site_is_no_path(tmp_path, site):
    with pytest.raises(PolicyError, match="not the name of a site"):
        store_capture(SNAPSHOT, replace(version_from_snapshot(SNAPSHOT), site=site), tmp_path)


def test_the_stored_version_matches_the_text_a_browser_shows():
    version = version_from_snapshot(SNAPSHOT)
    shown = "Menu\nData\n\nWe collect your name. We keep it for 30 days.\n\ncookie\t1 day\n\n" + (
        "And we say a lot more about it, at great length and with care.\n\n" * 4
    )
    assert {drift.state for _, drift in compare_versions(version, shown).sentences} == {DriftState.SAME}
