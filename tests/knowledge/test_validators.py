"""ETag and Last-Modified as identifiers: what three visitors and one return were given, judged."""

import random
from dataclasses import replace
from email.utils import format_datetime

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_identifying_storage import NoIdentifyingStorage, no_identifying_storage
from compliance.knowledge.identifiers.validators import Suspicion, named
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session, VisitOutcome
from compliance.testing import NOW, context, observe, request, site, visit

HOME, FILE = "https://shop.test/", "https://shop.test/site.css"
WALK = {Session.FIRST: "A", Session.SECOND: "B", Session.THIRD: "C", Session.FIRST_AGAIN: "A"}
SAME = "0" * 64


def drawn(who, alphabet="0123456789abcdef", length=32):
    return "".join(random.Random(who).choices(alphabet, k=length))


def answer(value, *, header="etag", sent="", body=SAME, url=FILE, status=200, **fields):
    back = {"etag": "if-none-match", "last-modified": "if-modified-since"}[header]
    return request(
        url,
        status=status,
        response_headers=((header, value),) if value else (),
        headers=((back, sent),) if sent else (),
        body_digest=body,
        **fields,
    )


def crawl(give, walk=WALK, **fields):
    """`give(session, who)` gives the requests of a visit; the return comes last."""
    return [
        visit(HOME, session=session, started=NOW.replace(minute=n).isoformat(), requests=give(session, who), **fields)
        for n, (session, who) in enumerate(walk.items())
    ]


def tag(make, header="etag", **fields):
    """A file with a validator for each visitor; the return asks with it, and the server lets it stand."""

    def give(session, who):
        value = make(who)
        sent = value if session is Session.FIRST_AGAIN else ""
        return [answer(value, header=header, sent=sent, **fields)]

    return give


def found(visits):
    return [(one.header, one.suspicion) for one in named(visits, NOW.timestamp())]


def verdict(visits, **parameters):
    return judge(no_identifying_storage, NoIdentifyingStorage(**parameters), observe(*visits), context(site=site()))


@pytest.mark.parametrize("joined", [True, False])
def test_the_first_of_several_tags_is_the_one_that_browsers_keep(joined):
    """The second is new in every answer."""
    numbers = iter(range(100))

    def give(session, who):
        tags = [f'"{drawn(who)}"', f'"{drawn(str(next(numbers)))}"']
        sent = tags[0] if session is Session.FIRST_AGAIN else ""
        headers = (("etag", "\n".join(tags)),) if joined else tuple(("etag", tag) for tag in tags)
        return [replace(answer("", sent=sent), response_headers=headers)]

    assert found(crawl(give)) == [("etag", Suspicion.SURE)]


def drawn_date(who):
    return format_datetime(
        NOW.replace(year=random.Random(who).randrange(1980, 2015), day=random.Random(who).randrange(1, 28))
    )


GUILTY = {
    "plain": tag(lambda who: f'"{drawn(who)}"'),
    "weak": tag(lambda who: f'W/"{drawn(who)}"'),
    "compressed": tag(lambda who: f'"{drawn(who)}-gzip"'),
    "short": tag(lambda who: f'"{drawn(who, length=8)}"'),
    "beside the size": tag(lambda who: f'"1a2b:{drawn(who)}"'),
}


@pytest.mark.parametrize("case", GUILTY)
def test_a_tag_of_each_visitors_own_breaks_the_promise(case):
    visits = crawl(GUILTY[case])
    assert found(visits) == [("etag", Suspicion.SURE)]
    made = verdict(visits)
    assert made.outcome is Outcome.FAILED
    [finding] = made.findings
    assert finding.cause == "identifier:self:etag:/site.css"
    assert "three visitors got three values" in finding.message
    assert {e.aspect for e in finding.evidence} == {"requests"}
    assert drawn("A") not in finding.message


def test_so_does_a_date_that_is_none():
    assert found(crawl(tag(lambda who: f"x{drawn(who)}", "last-modified"))) == [("last-modified", Suspicion.SURE)]


def test_the_server_may_accept_it_within_one_visit():
    def give(session, who):
        value = f'"{drawn(who)}"'
        return [answer(value), answer(value, sent=value, id="again")] if session is not Session.FIRST_AGAIN else []

    assert found(crawl(give)) == [("etag", Suspicion.SURE)]


def test_an_answer_without_its_tag_lets_the_one_that_was_sent_stand():
    def give(session, who):
        value = f'"{drawn(who)}"'
        return [answer("", sent=value, status=304)] if session is Session.FIRST_AGAIN else [answer(value)]

    assert found(crawl(give)) == [("etag", Suspicion.SURE)]


def own_body(who):
    return drawn(who, length=64)


INNOCENT = {
    "the same for all": tag(lambda _: f'"{drawn("build")}"'),
    "each visitor's own file": lambda session, who: [
        answer(f'"{drawn(who)}"', sent=f'"{drawn(who)}"' if session is Session.FIRST_AGAIN else "", body=own_body(who))
    ],
    "another one at every answer": lambda session, who: [
        answer(f'"{drawn(f"{session}")}"', sent=f'"{drawn("first")}"' if session is Session.FIRST_AGAIN else "")
    ],
    "two servers": tag(lambda who: f'"{drawn("x" if who == "B" else "y")}"'),
    "the moment of the visit": tag(lambda who: format_datetime(NOW.replace(second=ord(who) % 60)), "last-modified"),
    "days of one week": tag(lambda who: format_datetime(NOW.replace(day=ord(who) - 60)), "last-modified"),
    "few bits": tag(lambda who: f'"{drawn(who, length=4)}"'),
    "an address of each visitor's own": lambda session, who: [answer(f'"{drawn(who)}"', url=f"{HOME}{drawn(who)}.css")],
    "no address of the web": lambda _, who: [answer(f'"{drawn(who)}"', url="data:text/css,a")],
    "something posted": lambda _, who: [answer(f'"{drawn(who)}"', method="POST")],
}


@pytest.mark.parametrize("case", INNOCENT)
def test_innocent_validators_pass(case):
    visits = crawl(INNOCENT[case])
    assert found(visits) == []
    assert verdict(visits).outcome is Outcome.PASSED


def fresh(session, who):
    """From the cache, nobody was asked."""
    return [answer(f'"{drawn(who)}"', from_cache=session is Session.FIRST_AGAIN)]


UNSURE = {
    Suspicion.BODY: tag(lambda who: f'"{drawn(who)}"', body=""),
    Suspicion.UNASKED: fresh,
    Suspicion.OF_FILE: tag(lambda who: f'"{drawn(who, length=6)}-1a2b-{drawn(who + "t", length=13)}"'),
}


@pytest.mark.parametrize("why", UNSURE)
def test_what_is_not_sure_is_for_a_person_to_decide(why):
    visits = crawl(UNSURE[why])
    assert found(visits) == [("etag", why)]
    made = verdict(visits)
    assert (made.outcome, made.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_the_reasonable_reading_and_an_exemption_note_it():
    visits = crawl(GUILTY["plain"])
    assert verdict(visits, reading="reasonable").outcome is Outcome.PASSED
    exempt = verdict(visits, exempt={"*/site.css": "built for each visitor's screen"})
    assert exempt.outcome is Outcome.PASSED
    assert any(note.startswith("Exempt (built for") for note in exempt.notes)


def test_a_file_of_another_owner_counts_under_its_name():
    url = "https://ads.test/p.gif?x=1"
    made = verdict(crawl(tag(lambda who: f'"{drawn(who)}"', url=url)))
    assert made.findings[0].cause == "identifier:ads.test:etag:/p.gif"


def test_pages_that_were_not_seen_whole_are_left_out():
    assert found(crawl(GUILTY["plain"], outcome=VisitOutcome.TIMEOUT)) == []


@pytest.mark.parametrize("fields", [{"requests": None}, {"requests": (), "errors": {"requests": "the first 5000"}}])
def test_requests_that_were_not_recorded_are_no_pass(fields):
    made = verdict([visit(HOME, session=session, **fields) for session in WALK])
    assert (made.outcome, made.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
