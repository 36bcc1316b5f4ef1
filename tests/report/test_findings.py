"""Grouping by cause, bounds, pictures."""

from __future__ import annotations

import base64

import pytest

from compliance.model.verdict import Evidence, Finding
from compliance.report.findings import SHOWN, TEXT_BUDGET, Gallery, grouped

from . import runs

NOTHING = Gallery(lambda digest: None)


def test_one_group_a_cause_the_widest_spread_first():
    found = [
        Finding("narrow", "https://a.test/1", "n"),
        Finding("narrow", "https://a.test/1", "n"),
        Finding("wide", "https://a.test/1", "w"),
        Finding("wide, said otherwise", "https://a.test/2", "w"),
    ]
    wide, narrow = grouped(found, NOTHING, TEXT_BUDGET)
    assert (wide.cause, wide.message, wide.total, wide.pages, wide.hidden) == ("w", "wide", 2, 2, 0)
    assert (narrow.cause, narrow.total, narrow.pages) == ("n", 2, 1)
    assert grouped([], NOTHING, TEXT_BUDGET) == ()


def test_at_most_two_hundred_of_a_cause_and_the_rest_counted():
    (group,) = grouped([runs.finding(n) for n in range(2000)], NOTHING, TEXT_BUDGET)
    assert (len(group.findings), group.hidden, group.total, group.pages) == (SHOWN, 2000 - SHOWN, 2000, 2000)


def test_at_most_two_hundred_causes():
    groups = grouped([runs.finding(n, f"cause {n}") for n in range(500)], NOTHING, TEXT_BUDGET)
    assert len(groups) == SHOWN


def test_budget_shows_every_cause_once_before_any_twice():
    found = [runs.finding(n, f"cause {n % 3}") for n in range(300)]
    groups = grouped(found, NOTHING, 5000)
    shown = [len(g.findings) for g in groups]
    assert len(groups) == 3
    assert max(shown) - min(shown) <= 1
    assert sum(g.total for g in groups) == 300


def test_the_first_finding_is_shown_whatever_it_costs():
    groups = grouped([Finding("x" * 5000, "", f"{n}") for n in range(9)], NOTHING, 100)
    assert [len(g.findings) for g in groups] == [1]


PNG = runs.png(2, 2)


@pytest.mark.parametrize(
    ("data", "kind"),
    [(PNG, "image/png"), (b"\xff\xd8\xff\xe0x", "image/jpeg"), (b"RIFF\0\0\0\0WEBPx", "image/webp")],
)
def test_pictures_of_three_kinds_are_embedded(data, kind):
    (group,) = grouped([runs.finding(1, blob="d")], Gallery(lambda digest: data), TEXT_BUDGET)
    assert group.picture
    assert group.picture.uri == f"data:{kind};base64,{base64.b64encode(data).decode()}"
    assert group.picture.visit == "v1"


@pytest.mark.parametrize("data", [None, b"", b"<svg onload=alert(1)>", b"<html>", b"GIF89a", b"RIFF1234WAVE"])
def test_nothing_else_is_embedded(data):
    (group,) = grouped([runs.finding(1, blob="d")], Gallery(lambda digest: data), TEXT_BUDGET)
    assert group.picture is None


def test_a_picture_is_embedded_once_and_pointed_to_after():
    groups = grouped(
        [runs.finding(1, "a", blob="d"), runs.finding(2, "b", blob="d")], Gallery(lambda _: PNG), TEXT_BUDGET
    )
    first, second = (g.picture for g in groups)
    assert first
    assert second
    assert first.uri
    assert not second.uri
    assert first.anchor == second.anchor


def test_the_next_evidence_is_tried_when_the_first_is_no_picture():
    finding = Finding("m", "u", "c", (Evidence(blob="html"), Evidence(blob="png", visit="v7")))
    (group,) = grouped([finding], Gallery({"html": b"<html>", "png": PNG}.get), TEXT_BUDGET)
    assert group.picture
    assert group.picture.visit == "v7"


def test_all_pictures_together_stay_within_their_budget():
    big = PNG + b"\0" * 1_000_000
    gallery = Gallery(lambda digest: big)
    groups = grouped([runs.finding(n, f"{n}", blob=f"{n}") for n in range(20)], gallery, TEXT_BUDGET)
    embedded = [g.picture.uri for g in groups if g.picture]
    assert len(embedded) == 5
    assert sum(map(len, embedded)) <= 8_000_000
