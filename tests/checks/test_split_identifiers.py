"""Identifiers in pieces: several cookies or stored entries that tell visitors apart together, and others."""

import random
import string
from dataclasses import replace

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_identifying_cookies import NoIdentifyingCookies, no_identifying_cookies
from compliance.checks.identity.no_identifying_storage import NoIdentifyingStorage, no_identifying_storage
from compliance.model.verdict import Finding, Outcome, Reason
from compliance.model.visit import Session
from compliance.testing import NOW, context, cookie, observe, request, set_cookie, site, stored, visit

YEAR = 365 * 86_400
HOME = "https://shop.test/"
WALK = (
    (Session.FIRST, HOME, "A"),
    (Session.FIRST, f"{HOME}about", "A"),
    (Session.FIRST_AGAIN, HOME, "A"),
    (Session.SECOND, HOME, "B"),
    (Session.THIRD, HOME, "C"),
)
BASE36 = string.digits + string.ascii_lowercase
HEX = string.digits + "abcdef"


def crawl(make, *, sent="", walk=WALK, **fields):
    """`make(visitor)` gives each visitor's cookies by name; they are set once and stay."""
    visits, had = [], set()
    lives = {"lifetime": YEAR} | {k: v for k, v in fields.items() if k in ("lifetime", "domain")}
    for number, (session, url, who) in enumerate(walk):
        values = make(who)
        attempts = [] if who in had else [set_cookie(n, v, **{"lifetime": YEAR} | fields) for n, v in values.items()]
        had.add(who)
        jar = [cookie(name, value, **lives) for name, value in values.items()]
        requests = [request(f"{sent}{''.join(values.values())}")] if sent else []
        started = NOW.replace(minute=number).isoformat()
        visits.append(visit(url, session=session, set_cookies=attempts, jar=jar, requests=requests, started=started))
    return visits


def verdict(visits, of=None, **parameters):
    of = of or site()
    return judge(no_identifying_cookies, NoIdentifyingCookies(**parameters), observe(*visits), context(site=of))


def pieces(names, length, alphabet=BASE36, seed="s"):
    """Draws each visitor's cookies."""

    def make(who):
        drawn = random.Random(f"{seed} {who}")
        return {name: "".join(drawn.choices(alphabet, k=length)) for name in names}

    return make


def numbered(count, prefix="a"):
    return [f"{prefix}{number}" for number in range(1, count + 1)]


GUILTY = {
    "four of three characters": pieces(numbered(4), 3),
    "two of five hexadecimal digits": pieces(numbered(2), 5, HEX),
    "eight of two hexadecimal digits": pieces(numbered(8), 2, HEX),
    "eight of four hexadecimal digits": pieces(numbered(8), 4, HEX),
    "sixteen of one hexadecimal digit": pieces(numbered(16), 1, HEX, "q"),
    "four of four digits": pieces(numbered(4), 4, string.digits),
    "letters for numbers": pieces(["va", "vb", "vc", "vd"], 3),
    "letters alone": pieces(["a", "b", "c", "d"], 3),
    "numbers of four digits": pieces(["v0001", "v0002", "v0003", "v0004"], 3),
    "names of different kinds": pieces(["theme", "w", "seen", "c"], 3),
    "a piece for good measure": lambda who: pieces(numbered(4), 3)(who) | {"a0": "1"},
}


@pytest.mark.parametrize("shape", GUILTY)
def test_pieces_of_one_identifier_break_the_promise(shape):
    judged = verdict(crawl(GUILTY[shape]))
    assert judged.outcome is Outcome.FAILED
    [finding] = judged.findings
    assert "together tell visitors apart" in finding.message
    assert finding.cause.startswith("identifier:self:")
    names = GUILTY[shape]("A").keys() - {"a0"}
    assert len(finding.cause) < 80
    assert {e.locator for e in finding.evidence} == names
    assert len({e.visit for e in finding.evidence}) == 4
    for value in GUILTY[shape]("A").values():
        assert len(value) < 3 or value not in finding.message
    weak = verdict(crawl(GUILTY[shape]), reading="reasonable")
    assert weak.outcome is Outcome.PASSED
    assert any("together tell visitors apart" in note for note in weak.notes)


def test_the_pieces_are_evidence_and_the_cause_is_the_same_in_every_run():
    causes = {verdict(crawl(pieces(numbered(4), 3, seed=s))).findings[0].cause for s in ("one", "two")}
    assert causes == {"identifier:self:a#"}


def test_a_day_is_let_pass():
    judged = verdict(crawl(GUILTY["four of three characters"], lifetime=3600.0))
    assert judged.outcome is Outcome.PASSED
    assert any("together" in note for note in judged.notes)


def test_a_short_lived_piece_does_not_excuse_the_others():
    lasting = crawl(pieces(["theme", "w", "seen"], 3))
    brief = crawl(pieces(["c"], 3), lifetime=600.0)
    both = [
        replace(one, jar=one.jar + other.jar, set_cookies=one.set_cookies + other.set_cookies)
        for one, other in zip(lasting, brief, strict=True)
    ]
    assert verdict(both).outcome is Outcome.INCONCLUSIVE


def test_a_second_between_two_pieces_makes_no_difference():
    visits = [
        replace(one, set_cookies=tuple(replace(c, lifetime=YEAR - n / 3) for n, c in enumerate(one.set_cookies)))
        for one in crawl(GUILTY["four of three characters"])
    ]
    assert verdict(visits).outcome is Outcome.FAILED


def test_names_of_endless_numbers_are_put_in_order():
    judged = verdict(crawl(pieces([f"a{'9' * 5000}{n}" for n in range(4)], 3)))
    assert judged.outcome is Outcome.FAILED


def test_pieces_put_together_and_sent_away():
    visits = crawl(GUILTY["four of three characters"], sent="https://stats.test/?v=")
    judged = verdict(visits, reading="reasonable")
    assert "Put together, their value is sent to stats.test" in judged.findings[0].message
    assert any(e.aspect == "requests" for e in judged.findings[0].evidence)
    named = site(processors={"stats.test": "counts visits"})
    assert verdict(visits, of=named, reading="reasonable").outcome is Outcome.PASSED


def test_pieces_of_another_owner_follow_everywhere():
    make = GUILTY["four of three characters"]
    judged = verdict(crawl(make, domain="ads.test"), reading="reasonable")
    assert judged.outcome is Outcome.FAILED
    assert judged.findings[0].cause == "identifier:ads.test:a#"


def test_pieces_of_two_owners_are_not_added_up():
    mine, theirs = (crawl(pieces(numbered(1, p), 3), domain=d) for p, d in (("a", "shop.test"), ("b", "ads.test")))
    both = [
        replace(one, jar=one.jar + other.jar, set_cookies=one.set_cookies + other.set_cookies)
        for one, other in zip(mine, theirs, strict=True)
    ]
    assert verdict(both).outcome is Outcome.PASSED


DOUBTFUL = {
    "numbers with names of different kinds": pieces(["load", "paint", "first", "idle"], 3, string.digits[1:]),
    "three names of different kinds": pieces(["theme", "w", "seen"], 3),
    "names of different kinds that say experiment": pieces(["hero-test", "price-test", "w-test", "c-test"], 3),
    "names that say experiment": pieces(numbered(4, "exp-"), 3),
    "names that say consent": pieces(numbered(4, "cookie_consent"), 3),
    "three pieces of three characters": pieces(numbered(3), 3),
    "pieces of different length": lambda who: {
        name: value[: 3 + number % 2] for number, (name, value) in enumerate(pieces(numbered(4), 5)(who).items())
    },
    "letters that read like short words": pieces(numbered(4), 3, "qzxkvwjp"),
    "codes of which two visitors share one": lambda who: pieces(["theme", "w", "seen", "c"], 3)(who)
    | {"view": "k3f" if who == "C" else "0zq"},
}  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        *("experimentBucket", "kameleoonExperiment", "featureFlag", "ABTest", "rolloutShare", "userPercentage"),
        *("searchToggle", "homeSegment", "testgroup", "testGroup"),
        *("experiment_bucket", "kameleoon-experiment", "feature-flag", "ab-test", "rollout", "percent", "toggle"),
        *("user_segment", "test-group"),
    ],
)
def test_experiments_are_known_by_their_names_however_these_are_written(name):
    judged = verdict(crawl(pieces(numbered(12, name), 2, string.digits)))
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    joined = verdict(
        crawl(pieces(numbered(12, f"x{name}s".lower().replace("-", "").replace("_", "")), 2, string.digits))
    )
    assert joined.outcome is Outcome.FAILED, "no part of a longer word"


@pytest.mark.parametrize("shape", DOUBTFUL)
def test_what_is_less_alike_is_for_a_person_to_decide(shape):
    judged = verdict(crawl(DOUBTFUL[shape]))
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert any("together may tell visitors apart" in doubt.message for doubt in judged.doubts)
    assert verdict(crawl(DOUBTFUL[shape]), reading="reasonable").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "change",
    [
        lambda number: {"setter": f"https://cdn{number}.test/a.js", "set_by": "script"},
        lambda number: {"lifetime": YEAR + number * 86_400},
    ],
    ids=["writers", "lifetimes"],
)
@pytest.mark.parametrize("names", ["four of three characters", "names of different kinds"])
def test_cookies_made_apart_are_for_a_person_to_decide(change, names):
    named = crawl(GUILTY[names])
    visits = [
        replace(
            one,
            set_cookies=tuple(
                set_cookie(c.name, c.value, **{"lifetime": YEAR} | change(n)) for n, c in enumerate(one.set_cookies)
            ),
        )
        for one in named
    ]
    assert verdict(visits).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("names", ["four of three characters", "names of different kinds"])
def test_cookies_set_on_different_pages_are_for_a_person_to_decide(names):
    make = GUILTY[names]
    visits = crawl(make)
    late = [replace(visits[0], set_cookies=visits[0].set_cookies[:2], jar=visits[0].jar[:2])]
    late.append(replace(visits[1], set_cookies=visits[0].set_cookies[2:]))
    assert verdict([*late, *visits[2:]]).outcome is Outcome.INCONCLUSIVE


INNOCENT_ONCE = {
    "one value in several cookies": lambda who: dict.fromkeys(numbered(6), pieces(["a"], 3)(who)["a"]),
    "one value in cookies of different names": lambda who: dict.fromkeys(
        ("basket", "c", "shop"), pieces(["a"], 4, string.digits)(who)["a"]
    ),
    "two visitors alike": lambda who: pieces(numbered(12), 3)("A" if who == "B" else who),
    "one small piece of two": pieces(["basket", "voucher"], 2),
    "a cart number and a setting": lambda who: pieces(["basket"], 4, string.digits)(who) | {"theme": "dark"},
    "a basket, a measure and a count": lambda who: {
        "basket": pieces(["b"], 4, string.digits[1:])(who)["b"],
        "load": pieces(["l"], 3, string.digits[1:])(who)["l"],
        "paint": pieces(["p"], 3, string.digits[1:])(who)["p"],
    },
    "moments of the visit": lambda who: {
        name: str(int(NOW.timestamp()) + 67 * "ABC".index(who) + number) for number, name in enumerate(numbered(12))
    },
}


@pytest.mark.parametrize("shape", INNOCENT_ONCE)
def test_innocent_shapes_pass(shape):
    assert verdict(crawl(INNOCENT_ONCE[shape])).outcome is Outcome.PASSED


def test_pieces_that_are_new_at_the_return_identify_nobody():
    make = GUILTY["four of three characters"]
    visits = [
        replace(one, jar=crawl(make, walk=((one.session, HOME, "new"),))[0].jar)
        if one.session is Session.FIRST_AGAIN
        else one
        for one in crawl(make)
    ]
    assert verdict(visits).outcome is Outcome.PASSED


def test_exempt_pieces_are_not_added_up():
    judged = verdict(crawl(GUILTY["four of three characters"]), exempt={"a?": "the basket"})
    assert judged.outcome is Outcome.PASSED


def test_pieces_in_storage_are_added_up():
    def looked(make, kind="local"):
        return [
            visit(url, session=session, storage=[stored(k, v, kind) for k, v in make(who).items()])
            for session, url, who in WALK
        ]

    def of_storage(make, **more):
        found = judge(
            no_identifying_storage, NoIdentifyingStorage(), observe(*looked(make, **more)), context(site=site())
        )
        return found

    judged = of_storage(GUILTY["four of three characters"])
    assert judged.outcome is Outcome.FAILED
    assert "4 stored entries" in judged.findings[0].message
    assert judged.findings[0].cause == "identifier:self:local:a#"
    assert of_storage(DOUBTFUL["three names of different kinds"]).outcome is Outcome.INCONCLUSIVE
    assert of_storage(INNOCENT_ONCE["a cart number and a setting"]).outcome is Outcome.PASSED


# Random draws ---------------------------------------------------------------------------------------------------------


def _codes(seed):
    """As `_groups`, the groups named by a service's codes."""
    return _groups(seed, ("codes",))


def _groups(seed, kinds=("words", "letters", "digits")):
    """One to twelve experiments with two to four groups each."""
    made = random.Random(seed)
    kind = made.choice(kinds)
    names = made.choice((numbered(12, "exp_"), numbered(12, "ab"), [f"{c}-test" for c in string.ascii_lowercase]))
    count = made.randint(1, 12)
    groups = {
        name: [
            {
                "words": ("control", "variant", "blue", "green")[n],
                "letters": "ABCD"[n],
                "digits": str(n),
                "codes": "".join(made.choices(BASE36, k=3)),
            }[kind]
            for n in range(made.randint(2, 4))
        ]
        for name in names[:count]
    }
    return lambda who: {name: random.Random(f"{seed}{name}{who}").choice(of) for name, of in groups.items()}


def _settings(seed):
    """What everybody gets, the moment of the visit, a group, a short number of a basket, measured numbers."""
    made = random.Random(seed)
    same = {"theme": "dark", "lang2": "en-GB", "build": "".join(made.choices(HEX, k=12)), "currency": "EUR"}

    def make(who):
        own = random.Random(f"{seed}{who}")
        now = int(NOW.timestamp()) + 60 * "ABC".index(who) + own.randrange(9)
        return same | {
            "first_seen": str(now),
            "last": f"{now + 5}000",
            "variant": own.choice("ab"),
            "speed": own.choice(("slow", "fast")),
            "basket": str(own.randrange(1000, 10_000)),
            "sample": str(own.randrange(100)),
            "loaded": str(own.randrange(80, 1400)),
            "painted": str(own.randrange(80, 900)),
        }

    return make


def _three_bits(seed):
    """A handful of independent experiments of three bits, numbered alike."""
    return lambda who: {
        name: str(random.Random(f"{seed}{name}{who}").randrange(8))
        for name in numbered(random.Random(seed).randint(2, 8))
    }


@pytest.mark.parametrize(("shape", "open_"), [(_groups, 0), (_codes, 0.6), (_settings, 0), (_three_bits, 0)])
def test_innocent_draws_are_never_called_identifying(shape, open_):
    found = [verdict(crawl(shape(seed))) for seed in range(300)]
    assert not [r for one in found for r in one.findings if isinstance(r, Finding)]
    left = sum(one.outcome is not Outcome.PASSED for one in found)
    assert left <= open_ * len(found), f"{left} were left open"


@pytest.mark.parametrize(
    ("count", "length", "alphabet"), [(4, 3, BASE36), (8, 4, HEX), (2, 6, BASE36), (4, 4, string.digits)]
)
def test_draws_of_cut_identifiers_are_found(count, length, alphabet):
    shape = [pieces(numbered(count), length, alphabet, seed) for seed in range(60)]
    outcomes = [verdict(crawl(make)).outcome for make in shape]
    assert outcomes.count(Outcome.FAILED) >= 57
    assert Outcome.PASSED not in outcomes
