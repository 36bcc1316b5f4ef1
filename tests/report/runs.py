"""Runs built in code: one for every state in which a report can find itself."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from compliance.checks import Parameters, Result, check, combine
from compliance.model.location import SourceLocation
from compliance.model.observation import Coverage, Environment, Site
from compliance.model.run import PolicyInfo, PromiseInfo, Repetition, Run, SentenceAccount, Totals
from compliance.model.verdict import (
    CheckVerdict,
    Disposition,
    Evidence,
    Finding,
    Outcome,
    Reason,
    Repeated,
    Verdict,
    worst,
)

SHOT = "5f" * 32
HOSTILE = (
    "<script>window.__pwned=1</script>",
    '"><img src=x onerror="window.__pwned=1">',
    "' onmouseover='window.__pwned=1",
    "javascript:window.__pwned=1",
    "{{ 7*7 }}{% raw %}",
    "</style><script>window.__pwned=1</script>",
    "--><svg onload=window.__pwned=1>",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "nul\x00 bell\x07 clear\x1b[2J link\x1b]8;;https://evil.test\x1b\\",
    "half \ud800 pair",
    "=HYPERLINK(1)",
    "\r\n::error file=x::forged",
    "Zalgo " + "Z\u0301" * 40,
)


def png(width: int = 480, height: int = 300) -> bytes:
    """A small picture: a page with a dark bar on top."""
    rows = b"".join(b"\0" + (b"\x33\x55\x77" if y < height // 6 else b"\xee\xee\xe8") * width for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def shots(digest: str) -> bytes | None:
    """The blobs of these runs: one picture."""
    return png() if digest == SHOT else None


def finding(number: int, cause: str = "cookie:_vid", message: str = "", **evidence: str) -> Finding:
    """The cookie `_vid` on page `number`."""
    given = {
        "visit": f"v{number}",
        "aspect": "cookies",
        "locator": "_vid",
        "excerpt": "a81f…(26 characters, sha256 3f9c2a1b), kept for 2 years",
    }
    return Finding(
        message or "The cookie _vid tells visitors apart: each got its own value, and it outlives the session.",
        f"https://shop.test/products/{number}",
        cause,
        (Evidence(**(given | evidence)),),
    )


def checked(check: str, outcome: Outcome, reason: Reason, explanation: str, **fields: object) -> CheckVerdict:
    """A verdict of a check that examined 42 of 42 pages."""
    defaults: dict[str, object] = {"pages_examined": 42, "pages_planned": 42, "visitor": "visitor"}
    return CheckVerdict(check, outcome, reason, explanation, **(defaults | fields))  # type: ignore[arg-type]


def verdict(promise: str, *checks: CheckVerdict, disposition: Disposition | None = None) -> Verdict:
    """Rolled up from its checks."""
    outcome = worst(c.outcome for c in checks)
    return Verdict(promise, outcome, checks, disposition or Disposition(), SourceLocation("specs/shop.yaml", 12, 5))


KEPT = checked(
    "no-identifying-cookies", Outcome.PASSED, Reason.NOT_OBSERVED, "No deviation; 42 pages examined.",
    parameters={"allow": [], "threshold_bits": 27}, limits=("3 addresses not visited: blocked_robots.",),
)  # fmt: skip
BROKEN = checked(
    "no-identifying-cookies", Outcome.FAILED, Reason.OBSERVED, "2 deviations on 8 pages; 42 pages examined.",
    findings=(
        *(finding(n, blob=SHOT if n == 1 else "") for n in range(1, 8)),
        finding(
            9, "script:canvas", "Font probing: canvas.measureText() was called 312 times for 156 fonts.",
            aspect="requests", locator="https://static.tracker.test/fp.js", excerpt="measureText × 312",
        ),
    ),
    notes=("_session was seen too; it ends with the browser session and is not held against the promise.",),
    parameters={"allow": ["_csrf"], "threshold_bits": 27},
)  # fmt: skip
UNCLEAR = checked(
    "form-fields-optional", Outcome.INCONCLUSIVE, Reason.INSTRUMENT,
    "The form could not be tried: a CAPTCHA stands before it at https://shop.test/contact. 42 pages examined.",
    doubts=(Finding("The form could not be tried: a CAPTCHA stands before it", "https://shop.test/contact", "doubt"),),
    examined=3, examined_what="forms",
)  # fmt: skip
NOT_TESTABLE = checked(
    "not-testable", Outcome.UNTESTED, Reason.NOT_TESTABLE,
    "What a server does with its logs cannot be seen from outside.",
    pages_examined=0, pages_planned=0, visitor="",
)  # fmt: skip
ATTESTED = checked(
    "attestation", Outcome.UNTESTED, Reason.ATTESTED, "The head of operations vouches for it until 1 March 2027.",
    pages_examined=0, pages_planned=0, visitor="",
)  # fmt: skip
AWAITED = checked(
    "unsubscribe-works", Outcome.UNTESTED, Reason.NOT_AVAILABLE,
    "It would subscribe an address of its own and try to leave again.",
    pages_examined=0, pages_planned=0, visitor="",
)  # fmt: skip
NO_LINKS = checked(
    "external-link-disclaimer", Outcome.INAPPLICABLE, Reason.NOTHING_TO_EXAMINE, "No external links on 42 pages.",
    examined_what="external links",
)  # fmt: skip

SENTENCES = (
    (1, "Privacy Policy", True, (), "A title."),
    (2, "We advocate transparency, and therefore we want to give you a clear overview.", False, (), "An intention."),
    (2, "Our web servers collect your IP address, which we use only to analyse how our site is used.", False,
     ("server-logs",), ""),
    (2, "We do not use cookies to trace your personal identification.", False, ("stay-anonymous",), ""),
    (3, "How we write to you", True, (), "A title."),
    (3, "We may occasionally send you information about our company.", False, (), "It binds nobody."),
    (3, "You can unsubscribe by completing a simple request process.", False, ("unsubscribe",), ""),
    (4, "There is no obligation on you to provide your name or email address.", False, ("no-obligation",), ""),
    (4, "You share your personal information with us solely by your own choice.", False, ("no-obligation",), ""),
    (5, "Though our website shares links to other sites, we take no responsibility for their practices.", False,
     ("external-links",), ""),
    (5, "Should you have any questions, write and discuss with us.", False, ("contact",), ""),
)  # fmt: skip

PROMISES = (
    PromiseInfo(
        "stay-anonymous", (SENTENCES[3][1],), "first-party-collection-use", "prohibition", "high",
        "No value in a cookie or in storage tells one visitor from another beyond the session.",
        dpv=("dpv:Tracking", "dpv:Anonymisation"),
    ),
    PromiseInfo(
        "server-logs", (SENTENCES[2][1],), "first-party-collection-use", "internal-practice", "medium",
        not_testable="What happens to log files inside the company.",
    ),
    PromiseInfo("unsubscribe", (SENTENCES[6][1],), "user-choice-control", "capability", "medium"),
    PromiseInfo("no-obligation", (SENTENCES[7][1], SENTENCES[8][1]), "user-choice-control", "capability", "medium"),
    PromiseInfo("external-links", (SENTENCES[9][1],), "third-party-sharing-collection", "disclosure", "low"),
    PromiseInfo(
        "contact", (SENTENCES[10][1],), "privacy-contact-information", "capability", "low",
        attestation={
            "statement": "Every message is answered within five working days.",
            "by": "Head of operations, A. Example", "date": "2026-03-01", "level": "A1",
        },
    ),
)  # fmt: skip

COVERAGE = Coverage(
    found=48, planned=45, visited=45, seen=42, budget=500, complete=True,
    outcomes={"ok": 42, "timeout": 1, "http_error": 2}, skipped={"blocked_robots": 2, "blocked_destructive": 1},
)  # fmt: skip


def run(*verdicts: Verdict, **fields: object) -> Run:
    """A run of these verdicts against the shop, with its policy."""
    found = {v.promise: v.outcome for v in verdicts}
    accounts = tuple(
        SentenceAccount(
            n, said, "", paragraph, heading, ids, because,
            worst(found[i] for i in ids if i in found) if any(i in found for i in ids) else None,
        )
        for n, (paragraph, said, heading, ids, because) in enumerate(SENTENCES, 1)
    )  # fmt: skip
    defaults: dict[str, object] = {
        "id": "2026-11-22T130144Z-shop-3f9c",
        "spec": "specs/shop.yaml",
        "spec_digest": "c0" * 32,
        "site": Site("https://shop.test/", "The Shop", frozenset({"shop.test", "shop-static.test"}),
                     {"pay.test": "takes payments"}),
        "policy": PolicyInfo("Privacy Policy", "https://web.archive.org/web/20170222015005/https://shop.test/privacy",
                             "2017-02-22", "ab" * 32),
        "environment": Environment(
            "compliance 0.1.0", "HeadlessChrome/156.0.8078.79", "/usr/bin/chromium-headless-shell", "PATH",
            third_party_cookies="visible", python="3.11.7", playwright="1.65.2", platform="Linux", delay=1.0,
            locale="en-US", timezone="UTC", limits=("Requests of shared workers are counted and not read.",),
        ),
        "coverage": {"visitor": COVERAGE},
        "promises": PROMISES,
        "verdicts": verdicts,
        "sentences": accounts,
        "totals": Totals(sentences=len(accounts), sentences_accounted=len(accounts)),
        "started": "2026-11-22T13:01:44.120+00:00",
        "finished": "2026-11-22T13:09:02.000+00:00",
        "judged": "2026-11-22T13:09:03.000+00:00",
        "manifest_digest": "9e" * 32,
    }  # fmt: skip
    return Run(**(defaults | fields))  # type: ignore[arg-type]


def mixed() -> Run:
    """Every outcome but a fault, a waiver, an attestation, and a sentence nobody accounted for."""
    waived = Disposition("waived", "The form is replaced in December.", "Web team", date(2026, 12, 31))
    made = run(
        verdict("stay-anonymous", BROKEN),
        verdict("server-logs", NOT_TESTABLE),
        verdict("unsubscribe", AWAITED),
        verdict("no-obligation", UNCLEAR, disposition=waived),
        verdict("external-links", NO_LINKS),
        verdict("contact", replace(KEPT, check="contact-reachable", reason=Reason.OBSERVED, parameters={}), ATTESTED),
        notices=("The waiver of `no-obligation` ends in 39 days.",),
    )
    lost = replace(made.sentences[5], not_promised="")
    totals = replace(made.totals, sentences_accounted=len(made.sentences) - 1, waived=1)
    return replace(made, sentences=(*made.sentences[:5], lost, *made.sentences[6:]), totals=totals)


def all_kept() -> Run:
    """Nothing broken."""
    return run(*(verdict(p.id, KEPT) for p in PROMISES))


def all_broken() -> Run:
    """Everything broken."""
    return run(*(verdict(p.id, BROKEN) for p in PROMISES))


def unclear() -> Run:
    """Nobody could tell."""
    return run(
        *(verdict(p.id, UNCLEAR) for p in PROMISES),
        coverage={"visitor": Coverage(
            48, 48, 20, 4, 500, outcomes={"ok": 4, "blocked_by_site": 16}, interrupted="the site kept the crawler out",
        )},
        notices=("The crawl ended early: the site kept the crawler out.",),
    )  # fmt: skip


def repeated() -> Run:
    """Three repetitions: one cause that two of them saw, one that only the second saw, one check that all passed."""
    told = (KEPT, replace(BROKEN, findings=(*BROKEN.findings, finding(9, "cookie:_uid", "Seldom seen."))), BROKEN)
    flaky = (KEPT, replace(BROKEN, findings=(finding(3, "cookie:_uid", "Seldom seen."),)), KEPT)
    likeness = check("no-identifying-cookies", parameters=Parameters, reads=[], statistical=True)(_nothing)
    one = Coverage(48, 48, 42, 42, 500, complete=True)
    period = ("2026-11-22T13:01:44Z", "2026-11-22T13:09:02Z")
    made = run(
        verdict("stay-anonymous", combine(likeness, told)),
        verdict("contact", combine(likeness, flaky)),
        verdict("external-links", combine(likeness, (KEPT, KEPT, KEPT))),
    )
    return replace(
        made,
        repetitions=(
            Repetition(1, "", *period, "Chromium 156", {"visitor": one}),
            Repetition(2, "repeats/2", *period, "Chromium 156", {"visitor": replace(one, seen=41)}),
            Repetition(3, "repeats/3", *period, "Chromium 156", {"visitor": one}, "was interrupted (a full disk)"),
        ),
    )


def _nothing(visit: object, parameters: object, context: object) -> Iterator[Result]:
    """Nothing."""
    yield from ()


def empty() -> Run:
    """Not one page, not one promise, not one sentence."""
    return run(promises=(), sentences=(), coverage={}, totals=Totals(), policy=PolicyInfo(), finished="",
               manifest_digest="", environment=Environment("compliance 0.1.0"))  # fmt: skip


def fault() -> Run:
    """A check that failed itself, and promises that were not judged; two visitors."""
    broken = checked("x-check", Outcome.ERROR, Reason.TOOL_ERROR, "The check itself failed (KeyError: 'a').")
    return run(
        verdict("contact", broken, replace(KEPT, visitor="phone")),
        coverage={"visitor": COVERAGE, "phone": Coverage(900, 500, 500, 497, 500, budget_reached=True)},
    )


def many(causes: int = 4) -> Run:
    """Two thousand findings."""
    flood = tuple(
        finding(n, f"cookie:{n % causes}", f"The cookie _v{n % causes} tells visitors apart.") for n in range(2000)
    )
    return run(verdict("stay-anonymous", replace(BROKEN, findings=flood)))


def hostile() -> Run:
    """Strings of a site that wishes the reader ill, in every place that holds a string."""
    long = "<b>&\u202e" * 200_000
    bad = "".join(HOSTILE)
    findings = tuple(
        Finding(text, text, text, (Evidence(text, text, text, text, SHOT), Evidence(text, text, text, bad, text)))
        for text in (
            *HOSTILE,
            bad,
            long,
            "http://user:hunter2@evil.test/?token=abcdefgh",
            "https://a b/",
            "http://[::1",
        )
    )
    checks = tuple(
        checked(text, Outcome.FAILED, Reason.OBSERVED, text, findings=findings[:count], doubts=findings[:count],
                notes=(text, bad), limits=(text,), examined_what=text, visitor=text, unconfirmed=findings[:1],
                repetitions=(Repeated(1, Outcome.FAILED, Reason.OBSERVED, bad),),
                parameters={text: [text, {text: bad}]})
        for text, count in ((long, 99), *((text, 2) for text in HOSTILE))
    )  # fmt: skip
    waiver = Disposition("waived", bad, long, date(2026, 12, 31))
    place = SourceLocation(bad, 1, 1)
    attestation: dict[str, object] = {
        "statement": bad,
        "by": long,
        "date": bad,
        "level": bad,
        "document": long,
        "digest": bad,
    }
    return Run(
        id=bad, spec=bad, spec_digest=bad,
        site=Site("javascript:window.__pwned=1", bad, frozenset({bad}), {bad: long}, bad),
        policy=PolicyInfo(bad, HOSTILE[1], bad, bad, bad, bad),
        environment=Environment(*(bad,) * 4, user_agent=bad, third_party_cookies=bad, python=bad, playwright=bad,
                                platform=bad, started=bad, locale=bad, timezone=bad, resolve=(bad, long),
                                ignored_tls=(bad,), limits=(bad, long)),
        coverage={bad: Coverage(10, 10, 5, 3, outcomes={bad: 5}, skipped={bad: 2}, interrupted=bad)},
        promises=tuple(
            PromiseInfo(text, (text, bad), text, text, text, text, text, attestation if text == "a" else None, (text,))
            for text in (*HOSTILE, "a")
        ),
        verdicts=(*(Verdict(text, Outcome.FAILED, checks[1:], waiver, place) for text in HOSTILE[:4]),
                  Verdict("stranger" + bad, Outcome.FAILED, checks, waiver, place)),
        sentences=tuple(
            SentenceAccount(
                n, text, bad, n, bool(n % 2), (text, "unknown" + text) if n % 3 else (), text if n % 5 else ""
            )
            for n, text in enumerate((*HOSTILE, bad, long))
        ),
        totals=Totals(), started=bad, finished=long, judged=bad, notices=(bad, long), manifest_digest=bad,
        repetitions=(Repetition(2, bad, bad, long, bad, {bad: Coverage()}, bad),),
    )  # fmt: skip


STATES: dict[str, Callable[[], Run]] = {
    "mixed": mixed,
    "kept": all_kept,
    "broken": all_broken,
    "unclear": unclear,
    "repeated": repeated,
    "empty": empty,
    "fault": fault,
    "many": many,
    "hostile": hostile,
}
