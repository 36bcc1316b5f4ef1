"""Every gate between "nothing found" and `passed`: each one closed alone, and all of them at random."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.checks import Doubt, Examined, Note, Parameters, Pin, PinState, check, judge
from compliance.checks._pages import holes
from compliance.checks.identity.cookie_lifetime import CookieLifetime, cookie_lifetime
from compliance.checks.identity.no_identifying_cookies import NoIdentifyingCookies, no_identifying_cookies
from compliance.checks.transport.third_party_requests import ThirdPartyRequests, third_party_requests
from compliance.model.observation import Coverage, Skipped
from compliance.model.verdict import Finding, Outcome, Reason
from compliance.model.visit import NO_PAGE, SEEN, Aspect, Session, VisitOutcome, recorded
from compliance.testing import FIELDS, context, cookie, link, observe, request, set_cookie, visit

BAD = "https://bad.test/x"
PAGES = tuple(f"https://shop.test/{n}" for n in range(20))
UNSEEN = sorted(set(VisitOutcome) - SEEN - NO_PAGE)
EXTRA = (Session.SECOND, Session.FIRST_AGAIN)


class Nothing(Parameters):
    """No parameters."""


@check("no-bad", parameters=Nothing, reads=[Aspect.REQUESTS])
def no_bad(visit, parameters, context):
    """Nobody asks bad.test."""
    for asked in recorded(visit.requests, "requests"):
        if asked.site == "bad.test":
            yield Finding("asks bad.test", visit.page, "party:bad.test")


@check("no-bad-links", parameters=Nothing, reads=[Aspect.LINKS], counts="links")
def no_bad_links(visit, parameters, context):
    """No link leads to bad.test; counts links."""
    links = recorded(visit.links, "links")
    yield Examined(len(links))
    for found in links:
        if found.href == BAD:
            yield Finding("links to bad.test", visit.page, "link:bad.test")


@check("no-bad-site", parameters=Nothing, reads=[Aspect.REQUESTS, Aspect.TEXT], scope="site", sessions=[*EXTRA])
def no_bad_site(observations, parameters, context):
    """The same over the whole site, with two more sessions."""
    for seen in observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.REQUESTS, Aspect.TEXT})):
        yield from holes(seen, Aspect.REQUESTS, Aspect.TEXT)
        for asked in seen.requests or ():
            if asked.site == "bad.test":
                yield Finding("asks bad.test", seen.page, "party:bad.test")


def pages(*, count=20, **broken):
    """Pages seen whole; `broken` are fields of the last."""
    made = [visit(url, requests=[request(url)], text="words") for url in PAGES[:count]]
    return [*made[:-1], replace(made[-1], **broken)]


def verdict(*visits, of=no_bad, pin=None, claim="prohibition", **observed):
    return judge(of, Nothing(), observe(*visits, **observed), context(claim=claim), pin=pin)


def passed_unless(reason, made):
    """The one assertion of most gates: not passed, for this reason; returns the words."""
    assert (made.outcome, made.reason) == (Outcome.INCONCLUSIVE, reason), made.explanation
    return made.explanation


# ---- passed, and what is counted


def test_whole_pages_without_a_deviation_pass():
    made = verdict(*pages())
    assert (made.outcome, made.reason) == (Outcome.PASSED, Reason.NOT_OBSERVED)
    assert made.explanation == "No deviation; 20 pages examined."
    assert (made.pages_examined, made.pages_planned, made.visitor) == (20, 20, "visitor")


@pytest.mark.parametrize("claim", ["capability", "disclosure"])
def test_what_is_promised_to_be_there_was_observed_and_not_merely_not_missed(claim):
    assert verdict(*pages(), claim=claim).reason is Reason.OBSERVED


def test_things_are_counted_where_things_are_examined():
    made = verdict(visit(links=[link("https://a.test/"), link("https://b.test/")]), of=no_bad_links)
    assert (made.outcome, made.examined, made.examined_what) == (Outcome.PASSED, 2, "links")
    assert made.explanation == "No deviation; 2 links on 1 page examined."


def test_nothing_to_examine_is_inapplicable():
    made = verdict(*pages(), of=no_bad_links)
    assert (made.outcome, made.reason) == (Outcome.INAPPLICABLE, Reason.NOTHING_TO_EXAMINE)
    assert made.explanation == "No links on 20 pages."


@pytest.mark.parametrize(
    ("visits", "observed"),
    [
        ([], {}),
        (pages(links=None), {}),
        (pages(errors={"links": "the first 10 of 20"}), {}),
        (pages(count=10, outcome=VisitOutcome.TIMEOUT), {}),
        (pages(), {"coverages": {"visitor": Coverage(complete=True, interrupted="stopped")}}),
    ],
)
def test_nothing_to_examine_says_so_only_when_everything_was_looked_at(visits, observed):
    assert verdict(*visits, of=no_bad_links, **observed).outcome is Outcome.INCONCLUSIVE


# ---- a finding beats everything but a changed policy


@pytest.mark.parametrize(
    ("more", "observed", "pin"),
    [
        ([], {}, None),
        ([visit(u, outcome=VisitOutcome.TIMEOUT) for u in PAGES], {}, None),
        ([visit(PAGES[1], requests=None)], {}, None),
        ([], {"coverages": {"visitor": Coverage(interrupted="stopped by the user")}}, None),
        ([], {"coverages": {"visitor": Coverage(budget=1, budget_reached=True)}}, None),
        ([], {}, Pin(PinState.UNSEEN, "HTTP 404")),
        ([], {}, Pin(PinState.COSMETIC)),
    ],
)
def test_one_finding_is_enough(more, observed, pin):
    made = verdict(visit(PAGES[0], requests=[request(BAD)]), *more, pin=pin, **observed)
    assert (made.outcome, made.reason) == (Outcome.FAILED, Reason.OBSERVED)
    assert made.explanation.startswith("1 deviation on 1 page; ")


def test_a_page_that_was_not_seen_whole_can_still_break_a_promise():
    made = verdict(visit(PAGES[0], outcome=VisitOutcome.PARTIAL, requests=[request(BAD)]))
    assert made.outcome is Outcome.FAILED


def test_deviations_are_counted_by_cause_and_page():
    made = verdict(*[visit(u, requests=[request(BAD), request(BAD)]) for u in PAGES[:3]])
    assert made.explanation.startswith("1 deviation on 3 pages; ")
    assert len(made.findings) == 6


@pytest.mark.parametrize("state", [PinState.CHANGED, PinState.REMOVED])
@pytest.mark.parametrize("asked", [PAGES[0], BAD])
def test_a_policy_that_no_longer_says_so_voids_even_a_finding(state, asked):
    made = verdict(visit(requests=[request(asked)]), pin=Pin(state, "sentence 3 is gone"))
    assert "sentence 3 is gone" in passed_unless(Reason.STALE_SPEC, made)
    assert bool(made.findings) == (asked == BAD), "what was seen stays in the record"


@pytest.mark.parametrize("state", [PinState.SAME, PinState.COSMETIC, PinState.NOT_PUBLISHED])
def test_a_policy_that_still_says_so_voids_nothing(state):
    assert verdict(*pages(), pin=Pin(state)).outcome is Outcome.PASSED


def test_a_policy_page_that_was_not_seen_may_have_changed():
    assert "HTTP 500" in passed_unless(Reason.STALE_SPEC, verdict(*pages(), pin=Pin(PinState.UNSEEN, "HTTP 500")))


@pytest.mark.parametrize("state", PinState)
def test_a_check_that_is_not_pinned_does_not_ask_what_the_policy_says(state):
    free = replace(no_bad, pinned=False)
    assert verdict(*pages(), of=free, pin=Pin(state)).outcome is Outcome.PASSED
    assert verdict(visit(requests=[request(BAD)]), of=free, pin=Pin(state)).outcome is Outcome.FAILED


# ---- a real page was seen


@pytest.mark.parametrize("outcome", sorted(set(VisitOutcome) - SEEN))
def test_without_one_page_nothing_passes_and_the_words_say_what_was_there(outcome):
    made = verdict(visit(outcome=outcome, error="what happened", requests=[]))
    expected = Reason.BLOCKED if outcome is VisitOutcome.BLOCKED_BY_SITE else Reason.COVERAGE
    assert "https://shop.test/: what happened" in passed_unless(expected, made)


@pytest.mark.parametrize(
    ("observed", "said"),
    [
        ({}, "no address was in scope"),
        ({"skips": (Skipped(PAGES[0], "blocked_robots", "robots.txt forbids it"),)}, "0: robots.txt forbids it"),
        ({"skips": (Skipped(PAGES[0], "trap_cap"),)}, "0: trap_cap"),
        ({"coverages": {"visitor": Coverage(interrupted="the run did not finish")}}, "the run did not finish"),
    ],
)
def test_without_one_visit_the_words_say_why(observed, said):
    made = verdict(**observed)
    assert said in passed_unless(Reason.COVERAGE, made)
    assert made.pages_examined == 0


def test_pages_of_another_visitor_or_session_do_not_count():
    made = verdict(visit(visitor="other"), visit(session=Session.SECOND))
    passed_unless(Reason.COVERAGE, made)


# ---- coverage


@pytest.mark.parametrize("outcome", UNSEEN)
def test_one_page_in_twenty_may_fail_and_two_may_not(outcome):
    one = pages(outcome=outcome, error="lost")
    assert verdict(*one).outcome is Outcome.PASSED
    reason = Reason.BLOCKED if outcome is VisitOutcome.BLOCKED_BY_SITE else Reason.COVERAGE
    two = [replace(one[0], outcome=outcome), *one[1:]]
    assert passed_unless(reason, verdict(*two)).startswith(
        f"Only 90 % of the visited addresses could be examined (2 {outcome})"
    )


def test_a_share_is_not_rounded_up_to_what_is_required():
    many = [visit(f"{PAGES[0]}{n}") for n in range(37)] + [
        visit(f"{PAGES[1]}{n}", outcome=VisitOutcome.TIMEOUT) for n in range(2)
    ]
    assert "Only 94.8 %" in passed_unless(Reason.COVERAGE, verdict(*many))


@pytest.mark.parametrize("status", [404, 410])
def test_addresses_that_are_gone_are_looked_at(status):
    gone = [visit(u, outcome=VisitOutcome.HTTP_ERROR, status=status) for u in PAGES[1:]]
    assert verdict(visit(), *gone).outcome is Outcome.PASSED


@pytest.mark.parametrize("status", [400, 403, 500, 503, None])
def test_other_errors_hide_a_page(status):
    passed_unless(Reason.COVERAGE, verdict(visit(), visit(outcome=VisitOutcome.HTTP_ERROR, status=status)))


@pytest.mark.parametrize("outcome", sorted(NO_PAGE))
def test_addresses_without_a_page_are_looked_at(outcome):
    assert verdict(visit(), visit(PAGES[0], outcome=outcome)).outcome is Outcome.PASSED


def test_a_site_that_mostly_blocks_is_called_blocking():
    walls = [visit(u, outcome=VisitOutcome.BLOCKED_BY_SITE) for u in PAGES[:3]]
    passed_unless(Reason.BLOCKED, verdict(visit(), *walls))
    passed_unless(
        Reason.COVERAGE, verdict(visit(), *walls, *[visit(u, outcome=VisitOutcome.TIMEOUT) for u in PAGES[5:9]])
    )


def test_a_budget_that_is_reached_limits_a_verdict_and_does_not_void_it():
    made = verdict(*pages(), coverages={"visitor": Coverage(found=900, budget=20, budget_reached=True)})
    assert made.outcome is Outcome.PASSED
    assert "budget of 20 was reached: 900 addresses were known" in made.limits[0]


def test_what_was_skipped_is_said():
    made = verdict(
        *pages(), coverages={"visitor": Coverage(complete=True, skipped={"blocked_robots": 2, "trap_cap": 1})}
    )
    assert made.outcome is Outcome.PASSED
    assert made.limits == ("2 addresses not visited: blocked_robots.", "1 address not visited: trap_cap.")


def test_what_nobody_dared_to_open_counts_as_lost():
    for lost, outcome in ((1, Outcome.PASSED), (2, Outcome.INCONCLUSIVE)):
        made = verdict(*pages(), coverages={"visitor": Coverage(complete=True, skipped={"lost": lost})})
        assert made.outcome is outcome
    assert "Only 90.9 % of the visited addresses could be examined (2 lost)." in made.explanation


@pytest.mark.parametrize(
    ("coverage", "said"),
    [
        (Coverage(complete=True, interrupted="stopped by the user"), "ended early: stopped by the user"),
        (Coverage(budget_reached=True, interrupted="stopped"), "ended early"),
        (Coverage(complete=False), "did not finish"),
    ],
)
def test_a_crawl_that_did_not_end_proves_nothing(coverage, said):
    assert said in passed_unless(Reason.COVERAGE, verdict(*pages(), coverages={"visitor": coverage}))


# ---- sessions


def sessions(*which, **fields):
    return [visit(PAGES[0], session=s, requests=[], text="x", **fields) for s in which]


def test_all_sessions_that_a_check_needs_were_seen():
    assert verdict(*pages(), *sessions(*EXTRA), of=no_bad_site).outcome is Outcome.PASSED


@pytest.mark.parametrize("missing", EXTRA)
def test_a_session_that_is_missing_is_named(missing):
    there = [s for s in EXTRA if s is not missing]
    made = verdict(*pages(), *sessions(*there), of=no_bad_site)
    assert f"Sessions not observed: {missing}." in passed_unless(Reason.COVERAGE, made)


def test_a_session_that_saw_nothing_is_missing():
    made = verdict(*pages(), *sessions(*EXTRA, outcome=VisitOutcome.TIMEOUT), of=no_bad_site)
    assert "Sessions not observed: first-again, second." in passed_unless(Reason.COVERAGE, made)


def test_a_session_that_saw_little_is_not_enough():
    lost = sessions(Session.SECOND, outcome=VisitOutcome.TIMEOUT)
    made = verdict(*pages(), *sessions(*EXTRA), *lost, of=no_bad_site)
    assert "Only 50 % of the addresses of session second" in passed_unless(Reason.COVERAGE, made)
    assert verdict(*pages(), *lost).outcome is Outcome.PASSED, "nobody asked for that session here"


# ---- the record


def test_a_page_without_its_record_is_a_hole():
    made = verdict(*pages(requests=None))
    assert f"requests was not recorded at {PAGES[19]}" in passed_unless(Reason.INSTRUMENT, made)
    assert [d.url for d in made.doubts] == [PAGES[19]]


def test_a_record_that_was_cut_is_a_hole():
    made = verdict(*pages(errors={"requests": "the first 5000 of 9000 requests"}))
    assert "the first 5000 of 9000" in passed_unless(Reason.INSTRUMENT, made)


def test_what_a_check_does_not_read_may_be_missing():
    assert verdict(*pages(links=None, text=None, errors={"links": "cut"})).outcome is Outcome.PASSED


def test_a_page_that_was_not_seen_is_counted_once_and_no_hole_besides():
    made = verdict(*pages(outcome=VisitOutcome.TIMEOUT, requests=None))
    assert (made.outcome, made.doubts) == (Outcome.PASSED, ())


@pytest.mark.parametrize("scope", ["visit", "site"])
def test_a_check_that_meets_what_was_not_recorded_is_in_doubt_and_no_error(scope):
    def run(observed, parameters, context):
        recorded(None, "form_probes")
        yield Note("never said")

    made = verdict(*pages(), of=replace(no_bad, run=run, scope=scope))
    assert "form_probes was not recorded" in passed_unless(Reason.INSTRUMENT, made)


def test_doubts_keep_their_reason_and_are_counted():
    def run(visit, parameters, context):
        yield Doubt(Reason.OPAQUE_PAYLOAD, "a body could not be read", visit.page)

    made = verdict(*pages(), of=replace(no_bad, run=run))
    assert f"a body could not be read at {PAGES[0]} and 19 more." in passed_unless(Reason.OPAQUE_PAYLOAD, made)
    assert {d.cause for d in made.doubts} == {"doubt:opaque_payload:a body could not be read"}


def test_notes_decide_nothing_and_are_said_once():
    def run(visit, parameters, context):
        yield Note("by the way")

    made = verdict(*pages(), of=replace(no_bad, run=run))
    assert (made.outcome, made.notes) == (Outcome.PASSED, ("by the way",))


@pytest.mark.parametrize("scope", ["visit", "site"])
def test_a_fault_of_the_check_says_nothing_about_the_site(scope):
    def run(observed, parameters, context):
        yield Finding("found before it broke", "", "x")
        raise ZeroDivisionError("by zero")

    made = verdict(*pages(), of=replace(no_bad, run=run, scope=scope))
    assert (made.outcome, made.reason) == (Outcome.ERROR, Reason.TOOL_ERROR)
    assert "ZeroDivisionError: by zero" in made.explanation


# ---- all gates at random: take what passes, break any one part

SOUND = {
    "visit": (no_bad, Nothing(), pages(count=5)),
    "site": (no_bad_site, Nothing(), [*pages(count=5), *sessions(*EXTRA)]),
    "third-party-requests": (third_party_requests, ThirdPartyRequests(), pages(count=5)),
    "cookie-lifetime": (
        cookie_lifetime,
        CookieLifetime(max=3600.0),
        [visit(u, set_cookies=[set_cookie("lang", "en")], jar=[cookie("lang", "en")]) for u in PAGES[:5]],
    ),
    "no-identifying-cookies": (
        no_identifying_cookies,
        NoIdentifyingCookies(),
        [
            visit(u, session=s, set_cookies=[set_cookie("lang", "en")], jar=[cookie("lang", "en")])
            for s in sorted({Session.FIRST, *no_identifying_cookies.sessions})
            for u in PAGES[:2]
        ],
    ),
}


def judged(name, visits, pin=None, coverage=None, skipped=()):
    of, parameters, _ = SOUND[name]
    covered = {"coverages": {"visitor": coverage}} if coverage else {}
    return judge(of, parameters, observe(*visits, skips=skipped, **covered), context(), pin=pin)


@pytest.mark.parametrize("name", SOUND)
def test_what_is_broken_below_passes_when_it_is_whole(name):
    assert judged(name, SOUND[name][2]).outcome is Outcome.PASSED


@st.composite
def broken(draw):
    """Observations that would pass, with one part of them removed or broken; and what was done."""
    name = draw(st.sampled_from(sorted(SOUND)))
    of, _, visits = SOUND[name]
    visits, pin, coverage = list(visits), None, None
    n = draw(st.integers(0, len(visits) - 1))
    # Requests only say where a value goes that was found to identify; without such a value they decide nothing.
    read = sorted(of.reads - ({Aspect.REQUESTS} if of is no_identifying_cookies else set()))
    match draw(st.sampled_from(["aspect", "error", "outcome", "session", "all", "coverage", "pin"])):
        case "aspect":
            names = FIELDS[draw(st.sampled_from(read))]
            visits[n] = replace(visits[n], **{draw(st.sampled_from(names)): None})
        case "error":
            visits[n] = replace(visits[n], errors={draw(st.sampled_from(read)).value: "cut"})
        case "outcome":
            visits[n] = replace(visits[n], outcome=draw(st.sampled_from(UNSEEN)), status=None)
        case "session":
            gone = draw(st.sampled_from(sorted({Session.FIRST, *of.sessions})))
            visits = [v for v in visits if v.session is not gone]
        case "all":
            visits = [replace(v, outcome=draw(st.sampled_from(sorted(set(VisitOutcome) - SEEN)))) for v in visits]
        case "coverage":
            coverage = draw(
                st.builds(Coverage, complete=st.just(False), interrupted=st.text(max_size=5))
                | st.builds(Coverage, complete=st.booleans(), interrupted=st.text(min_size=1, max_size=5))
            )
        case "pin":
            pin = Pin(draw(st.sampled_from([PinState.UNSEEN, PinState.CHANGED, PinState.REMOVED])), "x")
    return name, visits, pin, coverage


@given(broken())
def test_whatever_is_removed_nothing_passes_any_more(case):
    made = judged(*case)
    assert made.outcome is Outcome.INCONCLUSIVE, (case[0], made)
    assert made.explanation.strip()
