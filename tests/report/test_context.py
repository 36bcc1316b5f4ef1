"""The run as the report tells it."""

from __future__ import annotations

from dataclasses import replace

from compliance.model.observation import Coverage, Site
from compliance.model.run import PromiseInfo
from compliance.model.verdict import Outcome
from compliance.report.context import command, page

from . import runs


def view(run):
    return page(run, runs.shots)


def test_promises_in_the_order_of_the_spec_and_ranked_worst_first():
    seen = view(runs.mixed())
    assert [p.info.id for p in seen.promises] == [p.id for p in runs.PROMISES]
    ranked = [(mark.word, [p.info.id for p in members]) for mark, members in seen.ranked]
    assert ranked == [
        ("broken", ["stay-anonymous"]),
        ("could not tell", ["no-obligation"]),
        ("not tested", ["server-logs", "unsubscribe", "contact"]),
        ("nothing to examine", ["external-links"]),
    ]
    assert seen.attested == 1


def test_attested_is_never_kept():
    contact = next(p for p in view(runs.mixed()).promises if p.info.id == "contact")
    assert contact.mark.word == "attested, not tested"
    assert contact.mark.outcome is Outcome.UNTESTED
    assert contact.attestation["expires"] == "2027-03-01"


def test_promise_without_verdict_and_verdict_without_promise_are_both_shown():
    seen = view(replace(runs.run(runs.verdict("stranger", runs.KEPT)), promises=runs.PROMISES[:1]))
    assert [(p.info.id, p.mark.word) for p in seen.promises] == [("stay-anonymous", "not tested"), ("stranger", "kept")]
    assert seen.promises[0].explanation == "This run did not judge it."


def test_policy_every_sentence_with_its_promises_or_its_note():
    seen = view(runs.mixed())
    flat = [s for paragraph in seen.paragraphs for s in paragraph]
    assert [s.account.number for s in flat] == list(range(1, len(runs.SENTENCES) + 1))
    assert seen.notes == ("A title.", "An intention.")
    assert [s.note for s in flat if s.account.heading] == [1, 1]
    assert [s.first for s in flat if s.note == 1] == [True, False]
    assert flat[3].promises[0].info.id == "stay-anonymous"
    assert seen.unaccounted == 1, "a sentence without promise or reason"
    assert [len(p) for p in seen.paragraphs] == [1, 3, 1, 2, 2, 2]


def test_a_promise_this_run_does_not_know_is_named():
    run = runs.mixed()
    seen = view(replace(run, promises=run.promises[1:], verdicts=run.verdicts[1:]))
    assert seen.paragraphs[1][2].unknown == ("stay-anonymous",)
    assert seen.unaccounted == 1


def test_command_repeats_one_item():
    run = runs.mixed()
    assert command(run, "stay-anonymous", runs.BROKEN) == (
        "compliance run specs/shop.yaml --site https://shop.test/ -k 'stay-anonymous and no-identifying-cookies'"
    )
    resolved = replace(run, environment=replace(run.environment, resolve=("shop.test:127.0.0.1",)))
    assert "--resolve shop.test:127.0.0.1 -k" in command(resolved, "contact", runs.KEPT)


def test_command_repeats_network_options():
    run = runs.mixed()
    environment = replace(run.environment, resolve=("*.test:127.0.0.1",), dns="[::1]:53", ignored_tls=("*.test",))
    told = command(replace(run, environment=environment), "contact", runs.KEPT)
    assert told.startswith("COMPLIANCE_DNS='[::1]:53' compliance run specs/shop.yaml ")
    assert "--ignore-tls '*.test'" in told


def test_command_is_quoted_and_empty_where_nothing_runs():
    run = replace(runs.mixed(), spec="specs/my shop.yaml", site=Site("https://a.test/?x=1&y=$(rm)"))
    assert "'specs/my shop.yaml' --site 'https://a.test/?x=1&y=$(rm)'" in command(run, "contact", runs.KEPT)
    for check in (runs.NOT_TESTABLE, runs.ATTESTED, runs.AWAITED):
        assert command(run, "contact", check) == ""


def test_anchors_are_safe():
    run = replace(runs.run(), promises=tuple(PromiseInfo(i, (), "", "", "") for i in ("fine-1", 'b"ad', "")))
    assert [p.anchor for p in view(run).promises] == ["promise-fine-1", "promise-2", "promise-3"]


def test_coverage_bar_counts_everything_found_once():
    run = replace(
        runs.run(),
        coverage={
            "a": Coverage(1000, 990, 600, 599, skipped={"blocked_robots": 10, "blocked_scope": 5000}),
            "b": Coverage(),
        },
    )
    first, second = view(run).coverages
    assert [(s.kind, s.count) for s in first.segments] == [("seen", 599), ("unseen", 1), ("skipped", 10), ("left", 390)]
    assert first.segments[1].width >= 4, "one page stays visible"
    assert all(a.start + a.width == b.start for a, b in zip(first.segments, first.segments[1:], strict=False))
    assert first.segments[-1].start + first.segments[-1].width <= 1000
    assert second.segments == ()
    assert view(run).totals.seen == 599
