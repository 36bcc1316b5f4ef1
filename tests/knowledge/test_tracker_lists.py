"""Lists of every form: which form it is, what is read of it, what is not, and what it says of a request."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.knowledge.inventory import intact, shipped
from compliance.knowledge.lists import Lists, Matcher, NotAList, read, stated
from compliance.knowledge.sources import sources
from compliance.model.lists import ListInfo, is_list_name

TODAY = date(2026, 11, 22)
DISCONNECT = {
    "license": "CC BY-NC-SA 4.0",
    "categories": {
        "Advertising": [{"Ads Inc": {"https://ads.test/": ["ads.test", "shared.test"], "performance": "true"}}],
        "Content": [{"Shared": {"https://shared.test/": ["shared.test", "fonts.test"]}}, "broken"],
    },
}
RADAR = {
    "version": 3,
    "trackers": {
        "track.test": {
            "owner": {"name": "Track Inc.", "displayName": "Track"},
            "categories": ["Advertising"],
            "default": "block",
            "rules": [{"rule": "track\\.test\\/needed", "action": "ignore"}],
        },
        "cdn.test": {"default": "ignore", "rules": [{"rule": "cdn\\.test\\/pixel"}, {"rule": "cdn\\.test\\/(?=x)"}]},
        "strange": "?",
    },
}
WEB = [{"name": "Ads", "category": "ad", "domains": ["*.ads.test", "one.test"]}]


def ask(text, url, *more, source="shop.test", page="https://shop.test/", kind="image"):
    lists = [read(name, given if isinstance(given, str) else json.dumps(given)) for name, given in
             zip("abc", (text, *more), strict=False)]  # fmt: skip
    return Matcher(lists).ask(url, source=source, page=page, kind=kind)


@pytest.mark.parametrize(
    ("text", "form", "entries"),
    [
        ("[Adblock Plus 2.0]\nads.test", "adblock", 1),
        ("! Title: mine\n/pixel.gif", "adblock", 1),
        ("||ads.test^\nfoo.test\nbar.test", "adblock", 3),
        ("shop.test##.ad\n/ads.", "adblock", 1),
        ("# remark\n0.0.0.0 ads.test\n127.0.0.1 localhost\n::1 b.test c.test # why\n", "hosts", 3),
        ("# remark\nads.test\n*.b.test\n", "domains", 2),
        ("b\u00fccher.test\n", "domains", 1),
        (json.dumps(DISCONNECT), "disconnect", 3),
        (json.dumps(RADAR), "tracker-radar", 2),
        (json.dumps(WEB), "third-party-web", 2),
    ],
)
def test_every_form_is_known_by_its_looks(text, form, entries):
    found = read("mine", text)
    assert (found.form, len(found)) == (form, entries)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("\n \n", "it is empty"),
        ("<!DOCTYPE html><p>404", "a page"),
        ('{"a": 1}', "and not Disconnect's"),
        ('{"categories": {}}', "nothing in it says which requests are meant"),
        ('{\n"a": ', "broken JSON (line 2"),
        ("Dear Sir,\nhere is no list.\n", "no filter list, no hosts file"),
        ("! Title: nothing\nshop.test##.ad\n", "nothing in it says"),
        ("[Adblock]\n||a.test^$denyallow=b.test", "line 2, option denyallow"),
    ],
)
def test_what_is_no_list_is_told_why(text, why):
    with pytest.raises(NotAList) as told:
        read("mine", text)
    assert why in str(told.value)


def test_what_is_not_understood_is_told_with_line_and_reason():
    aside = read("mine", "0.0.0.0 a.test\n1.2.3.4 b.test\n\n0.0.0.0 c.test no_/host\n1.2.3.4 d.test").aside
    assert [(a.why, a.count, a.line, a.text) for a in aside] == [
        ("not a line of a hosts file", 2, 2, "1.2.3.4 b.test"),
        ("not a host name", 1, 4, "0.0.0.0 c.test no_/host"),
    ]
    rules = read("mine", "||a.test^\n||b.test^$denyallow=c.test\n||d.test^$denyallow=e.test\n*$script").aside
    assert [(a.why, a.count, a.line) for a in rules] == [("option denyallow", 2, 2), ("would fit every address", 1, 4)]
    assert read("mine", json.dumps(DISCONNECT)).aside[0].why == "not as others of this form"
    assert read("mine", json.dumps(RADAR)).aside[0].text == "strange"


@pytest.mark.parametrize(
    ("text", "url", "hit"),
    [
        ("0.0.0.0 ads.test", "https://ads.test/p", True),
        ("0.0.0.0 ads.test", "https://a.ads.test/p", False),
        ("ads.test", "https://a.ads.test/p", True),
        ("ads.test", "https://bads.test/p", False),
        (WEB, "https://a.ads.test/", True),
        (WEB, "https://ads.test/", True),
        (WEB, "https://a.one.test/", False),
        (DISCONNECT, "https://x.ads.test/", True),
        (DISCONNECT, "https://fonts.test/", False),
        (DISCONNECT, "https://shared.test/", True),
        (RADAR, "https://a.track.test/x", True),
        (RADAR, "https://cdn.test/x", False),
        (RADAR, "https://cdn.test/pixel", True),
        ("ads.test", "not an address", False),
        ("ads.test", "https://203.0.113.7/", False),
    ],
)
def test_what_entries_cover(text, url, hit):
    found = ask(text, url)
    assert (found is not None and found.sure) == hit


def test_a_hit_says_owner_category_and_line():
    hit = Matcher([read("web", json.dumps(WEB, indent=1))]).ask(
        "https://x.ads.test/", source="shop.test", page="https://shop.test/", kind="image"
    )
    assert (hit.list, hit.line, hit.text, hit.owner, hit.category) == ("web", 6, "*.ads.test", "Ads", "ad")


@pytest.mark.parametrize(
    ("rules", "page", "sure"),
    [
        ("||ads.test^\n@@||ads.test/p$denyallow=x.test", "https://shop.test/", False),
        ("||ads.test^\n@@||ads.test/q$denyallow=x.test", "https://shop.test/", True),
        ("||ads.test^\n@@||shop.test^$document", "https://shop.test/", False),
        ("||ads.test^\n@@||shop.test^$document", "https://other.test/", True),
        ("||ads.test^\n@@||shop.test^$genericblock", "https://shop.test/", False),
        ("||ads.test^\n@@||shop.test^$genericblock", "https://other.test/", True),
        ("||b.test^\n||ads.test^$denyallow=x.test,badfilter", "https://shop.test/", None),
        ("||ads.test^\n@@||ads.test^$document", "https://shop.test/", True),
        ("||ads.test^\n@@||ads.test^$elemhide", "https://shop.test/", True),
        ("||ads.test^\n@@||ads.test^$popup", "https://shop.test/", True),
        ("||ads.test^$important\n@@||ads.test/p$denyallow=x.test", "https://shop.test/", True),
        ("||b.test^\n||ads.test^$denyallow=x.test", "https://shop.test/", False),
        ("||b.test^\n||ads.test^$script,denyallow=x.test", "https://shop.test/", None),
        ("||b.test^\n||ads.test^$domain=other.test,denyallow=x.test", "https://shop.test/", None),
        ("||b.test^\n||ads.test^$image,domain=shop.test,denyallow=x.test", "https://shop.test/", False),
        ("||b.test^\n||ads.test^$third-party,first-party", "https://shop.test/", False),
        ("||ads.test^\n@@||ads.test/p$~third-party,denyallow=x.test", "https://shop.test/", True),
        ("||ads.test^\n@@||ads.test/p$~third-party,script,document", "https://shop.test/", True),
        ("||b.test^\n||ads.test^$popup", "https://shop.test/", None),
        ("||b.test^\n||ads.test^$removeparam=x", "https://shop.test/", None),
        ("||b.test^\n*$script", "https://shop.test/", None),
    ],
)
def test_a_rule_that_is_not_understood_makes_it_unsure(rules, page, sure):
    found = ask(rules, "https://ads.test/p", page=page)
    assert (found.sure if found else None) == sure
    if found and not found.sure:
        assert "is not understood" in found.why


def test_radar_rules_with_conditions_make_it_unsure():
    found = ask(RADAR, "https://track.test/needed")
    assert (found.sure, "conditions" in found.why) == (False, True)


def test_exceptions_of_one_list_hold_for_the_others_and_not_for_hosts():
    url = "https://ads.test/p"
    assert ask("||ads.test^", url, "! Title: b\n@@||ads.test^\n||x.test^") is None
    assert ask("0.0.0.0 ads.test", url, "! Title: b\n@@||ads.test^\n||x.test^").list == "a"


def test_lists_of_a_run_are_asked_together_and_only_those_named():
    info = ListInfo("a", "", "", "", "", "2026-11-22", "", 1, "installed")
    lists = Lists({name: (info, read(name, f"{name}.test")) for name in ("ads", "bats")})
    url = {"source": "shop.test", "page": "https://shop.test/", "kind": "image"}
    assert lists.matcher(frozenset({"ads"})).ask("https://bats.test/", **url) is None
    assert lists.matcher(frozenset({"ads", "bats"})).ask("https://bats.test/", **url).list == "bats"
    assert lists.matcher(frozenset({"ads"})) is lists.matcher(frozenset({"ads"}))
    assert ("ads" in lists, "cats" in lists) == (True, False)
    with pytest.raises(KeyError):
        lists.matcher(frozenset({"cats"}))


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"last modified": "28 Apr 2026 11:50 UTC", "version": "202601011150"}, "2026-04-28"),
        ({"last modified": "1 September 2026"}, "2026-09-01"),
        ({"timeupdated": "2026-02-03T04:05:06+00:00"}, "2026-02-03"),
        ({"version": "202604281150"}, "2026-04-28"),
        ({"version": "1.2.3"}, ""),
        ({"version": "20261350"}, ""),
        ({"last modified": "31 Feb 2026", "version": "20260301"}, "2026-03-01"),
        ({"date": "2027-01-01"}, ""),
        ({}, ""),
    ],
)
def test_dates_as_lists_write_them(header, said):
    assert stated(header, TODAY).date == said


def test_what_a_list_states():
    found = read("mine", "! Title: Mine\n! Version: 7\n! License: CC0\n||a.test^")
    said = stated(found.header, TODAY)
    assert (said.title, said.version, said.licence) == ("Mine", "7", "CC0")
    hosts = read("mine", "# Title: Mine\n# Date: 11 January 2026\n#\n0.0.0.0 a.test\n# License: late")
    assert (stated(hosts.header, TODAY).date, stated(hosts.header, TODAY).licence) == ("2026-01-11", "")
    assert stated(read("mine", json.dumps(DISCONNECT)).header, TODAY).licence == "CC BY-NC-SA 4.0"


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_is_a_list_or_a_reason(text, url):
    try:
        found = read("mine", text)
    except NotAList:
        return
    Matcher([found]).ask(url, source="shop.test", page=url, kind="image")


def test_names_of_lists():
    assert [is_list_name(n) for n in ("easyprivacy", "our-hosts-2", "", "-a", "A", "a/b", "a" * 41)] == [
        *(True, True),
        *(False,) * 5,
    ]


def test_what_ships_is_listed_whole_and_dated():
    found = shipped()
    assert set(sources()) < set(found)
    assert found["third-party-web"].entries > 3000
    for name, info in found.items():
        assert intact(name)
        assert (info.name, info.origin) == (name, "shipped")
        assert info.age(date.today()) >= 0
        assert info.entries > 10


def test_a_changed_file_is_not_intact(monkeypatch, tmp_path):
    source = sources()["third-party-web"]
    (tmp_path / source.file).write_text("[]")
    monkeypatch.setattr(type(source), "path", tmp_path / source.file)
    assert not intact("third-party-web")
