from datetime import date

import pytest

from compliance.checks import PinState, judge
from compliance.checks.policy_text._live import find_policy_visit, pin_for
from compliance.checks.policy_text.policy_unchanged import PolicyUnchanged, policy_unchanged
from compliance.model.policy import PolicyVersion, Sentence
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session, VisitOutcome
from compliance.testing import context, observe, site, visit

PRIVACY = "https://shop.test/privacy"
SITE = site(policy_url=PRIVACY)
TEXTS = (
    "What we do with your data",
    "We collect the data that you type into our forms and nothing else.",
    "We delete them after 30 days at the very latest.",
    "We do not share them with anybody outside of our company.",
)
POLICY = PolicyVersion(
    "", "shop.test", "Privacy", "", date(2026, 1, 1), tuple(Sentence(n, t, "", n) for n, t in enumerate(TEXTS, 1)), ""
)
WHOLE = " ".join(TEXTS)
AROUND = "Shop\nHome\nProducts\nContact\n\n{}\n\nImprint\nPrivacy\nTerms\n© 2026 Shop Ltd. All rights reserved."


def live(text=WHOLE, **fields):
    return visit(PRIVACY, text=AROUND.format(text), **fields)


def verdict(*visits, quotes=TEXTS[2:3], policy=POLICY, at=SITE, **parameters):
    observations = observe(*visits)
    observations.site = at
    where = context(site=at, policy=policy, quotes=tuple(quotes))
    return judge(policy_unchanged, PolicyUnchanged(**parameters), observations, where)


def causes(judged):
    return [f.cause for f in judged.findings]


def test_unchanged():
    judged = verdict(live())
    assert (judged.outcome, judged.examined) == (Outcome.PASSED, 1)


def test_line_breaks_do_not_count():
    assert verdict(live("\n".join(WHOLE.split(" "))), scope="document").outcome is Outcome.PASSED


def test_a_changed_number():
    judged = verdict(live(WHOLE.replace("30", "90")))
    assert causes(judged) == ["sentence 3 changed"]
    assert "90 days" in judged.findings[0].message
    assert "30 days" in judged.findings[0].message
    assert judged.findings[0].url == PRIVACY


def test_a_sentence_that_is_gone():
    judged = verdict(live(" ".join(TEXTS[:2] + TEXTS[3:])))
    assert causes(judged) == ["sentence 3 removed"]


def test_the_quote_is_looked_at_with_its_whole_sentence():
    judged = verdict(live(WHOLE.replace("latest.", "latest, except for backups.")), quotes=["after 30 days"])
    assert causes(judged) == ["sentence 3 changed"]


def test_only_what_the_promise_quotes_unless_the_document_is_asked_for():
    changed = live(WHOLE.replace("do not share", "share"))
    assert verdict(changed).outcome is Outcome.PASSED
    judged = verdict(changed, scope="document")
    assert causes(judged) == ["sentence 4 changed"]
    assert judged.examined == 4


def test_additions_are_noted():
    text = " ".join([*TEXTS[:3], "We also build a profile of you.", TEXTS[3]])
    judged = verdict(live(text), scope="document")
    assert judged.outcome is Outcome.PASSED
    assert any("build a profile" in note for note in judged.notes)


def test_cosmetic_differences():
    text = WHOLE.replace("data that you type into our forms", "data that you type into ours forms")
    allowed = verdict(live(text), quotes=TEXTS[1:2])
    assert allowed.outcome is Outcome.PASSED
    assert allowed.notes
    assert causes(verdict(live(text), quotes=TEXTS[1:2], cosmetic="report")) == ["sentence 2 cosmetic"]


def test_without_a_stored_version_the_quotes_are_compared():
    assert causes(verdict(live("Nothing here."), policy=None)) == []  # 200 characters are no policy
    filler = "We are a small shop that sells fine things to friendly people all over the world. " * 3
    assert causes(verdict(live(filler), policy=None)) == ["quote 1 removed"]


def test_no_live_page_in_the_spec():
    judged = verdict(live(), at=site())
    assert judged.outcome is Outcome.INAPPLICABLE
    assert judged.notes


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (visit(), Reason.COVERAGE),
        (visit(PRIVACY, outcome=VisitOutcome.TIMEOUT, status=None), Reason.COVERAGE),
        (visit(PRIVACY, outcome=VisitOutcome.BLOCKED_BY_SITE, status=403), Reason.BLOCKED),
        (visit(PRIVACY, outcome=VisitOutcome.HTTP_ERROR, status=404), Reason.STALE_SPEC),
        (visit(PRIVACY, outcome=VisitOutcome.OK_NON_HTML, content_type="application/pdf"), Reason.NEEDS_HUMAN),
        (visit(PRIVACY, text=None), Reason.INSTRUMENT),
        (visit(PRIVACY, text="Please enable JavaScript."), Reason.INSTRUMENT),
        (live("x " * 300, errors={"text": "cut after 1 MB"}), Reason.INSTRUMENT),
    ],
)
def test_what_was_not_seen_is_a_doubt(page, reason):
    judged = verdict(visit(), page)
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, reason)


def test_finds_the_policy_by_either_end_of_a_redirect_and_prefers_a_page_that_was_seen():
    failed = visit(PRIVACY, outcome=VisitOutcome.TIMEOUT)
    again = visit(PRIVACY, session=Session.FIRST_AGAIN)
    seen = visit("https://shop.test/p", final_url=f"{PRIVACY}?utm_source=x#top")
    observations = observe(visit(), failed, again, seen)
    observations.site = SITE
    found = find_policy_visit(observations, "visitor")
    assert found is not None
    assert found.id == seen.id
    assert found.links is None
    observations.site = site()
    assert find_policy_visit(observations, "visitor") is None


@pytest.mark.parametrize(
    ("page", "state"),
    [
        (live(), PinState.SAME),
        (live(WHOLE.replace("30 days", "30 days,")), PinState.COSMETIC),
        (live(WHOLE.replace("30", "31")), PinState.CHANGED),
        (live("We are a small shop. " * 20), PinState.REMOVED),
        (visit(PRIVACY, text=None), PinState.UNSEEN),
        (visit(PRIVACY, text=""), PinState.UNSEEN),
        (visit(PRIVACY, outcome=VisitOutcome.HTTP_ERROR, status=404), PinState.UNSEEN),
        (None, PinState.UNSEEN),
    ],
)
def test_pin(page, state):
    pin = pin_for(TEXTS[1:3], page, SITE)
    assert pin.state is state
    assert bool(pin.detail) == (state is not PinState.SAME)


def test_pin_of_a_policy_that_is_not_published():
    assert pin_for(TEXTS, live(), site()).state is PinState.NOT_PUBLISHED
