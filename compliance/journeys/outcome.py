"""What a try of a form came to: pure functions over what was intercepted and what the page showed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from compliance.journeys.bait import Bait
from compliance.journeys.seal import Asked, host_and_path
from compliance.model.content import Form
from compliance.model.trials import ProbeResult

#: Points from which on a request counts as the submission.
ENOUGH = 50
_CAPTCHA_URL = re.compile(
    r"//([\w.-]*\.)?(recaptcha\.net|hcaptcha\.com|challenges\.cloudflare\.com|friendlycaptcha\.\w+|arkoselabs\.com)/"
    r"|//www\.(google|gstatic)\.com/recaptcha/"
)
_CAPTCHA_TEXT = re.compile(r"captcha|not a robot|kein roboter|human|turnstile", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page showed after the try (`form_watch.js`)."""

    clicks: int = 0
    hits: int = 0
    submits: int = 0
    prevented: bool = False
    refused: tuple[tuple[str, str], ...] = ()
    """Fields that the browser refused, with its words."""
    said: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    disabled_before: bool = False
    disabled: bool = False
    native: bool = False
    """Pressing the button makes the browser validate the form."""
    missing: tuple[str, ...] = ()
    captcha: str = ""
    gone: bool = False
    """The document is no longer there."""
    dialogs: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: dict[str, Any], dialogs: Sequence[str]) -> Shown:
        """From the script's answer."""
        refused = tuple((r["name"], r["message"]) for r in data.pop("refused"))
        said, marked, missing = (tuple(data.pop(key)) for key in ("said", "marked", "missing"))
        return cls(refused=refused, said=said, marked=marked, missing=missing, dialogs=tuple(dialogs), **data)

    @property
    def errors(self) -> bool:
        """Did the page show that something is wrong."""
        return bool(self.said or self.marked or self.dialogs)

    @property
    def anything(self) -> bool:
        """Did the try have any effect that can be seen."""
        return self.errors or bool(self.refused or self.submits or self.gone)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known about a form before a case is judged."""

    form: Form
    page: str
    first_party: Callable[[str], bool]
    bait: Bait
    learned: Asked | None = None
    """The submission of the full case."""
    took: float = 0.0
    """Seconds it took after the click."""


def submission(asked: Sequence[Asked], before: Sequence[Asked], ground: Ground) -> Asked | None:
    """The request that sends the form, if one of `asked` does.

    Analytics and recorders send requests on every click, too: a request must be shown to be the form's.
    """
    habits = {one.endpoint for one in before}
    if ground.learned is not None:
        for one in asked:
            if one.endpoint == ground.learned.endpoint and (one.endpoint not in habits or carried(one, ground.form)):
                return one
    best = max(asked, key=lambda one: points(one, habits, ground), default=None)
    return best if best is not None and points(best, habits, ground) >= ENOUGH else None


def points(one: Asked, habits: set[tuple[str, str]], ground: Ground) -> int:
    """How much speaks for this request being the submission."""
    form = ground.form
    posts = one.method not in ("GET", "HEAD")
    to_action = host_and_path(one.url) == host_and_path(form.action)
    names = carried(one, form)
    if one.kind == "document":
        if posts:
            return 100
        if to_action and (names or form.method == "get"):
            return 100
        return min(50, 25 * names) + 30 * ground.bait.found(one.url)
    if not posts and names < 2 and not ground.bait.found(one.url):
        return 0
    score = min(50, 25 * names) + 25 * ground.bait.found(f"{one.url}\n{one.body}")
    if posts and to_action and form.action.partition("#")[0] != ground.page.partition("#")[0]:
        score += 60
    if ground.first_party(one.url):
        score += 30 if posts else 0
    else:
        score -= 20 * (one.kind == "ping")
    return score - 60 * (one.endpoint in habits)


def carried(one: Asked, form: Form) -> int:
    """How many of the form's field names are keys of what this request sends."""
    text = f"{urlsplit(one.url).query}\n{one.body}"
    text = f"{text}\n{unquote_plus(text)}"
    names = {f.name or f.id for f in form.fields if len(f.name or f.id) > 1}
    return sum(bool(re.search(rf"""(?:^|[\s&?"'{{,\[;]){re.escape(n)}(?:=|"|'|\]|:)""", text)) for n in names)


def judge(
    sent: Asked | None, asked: Sequence[Asked], shown: Shown, ground: Ground, *, full: bool, waited: float
) -> tuple[ProbeResult, tuple[str, ...]]:
    """Result and signals of one case."""
    signals = list(_signals(shown))
    if sent is not None:
        return ProbeResult.SUBMITTED, tuple(_short([f"asked for {request_of(sent, ground.bait)}", *signals], ground))
    challenged = any(_CAPTCHA_URL.search(one.url) for one in asked)
    signals += [
        f"answered locally: {request_of(one, ground.bait)}" for one in asked if one.kind in ("xhr", "fetch", "document")
    ][:3]
    result = _unsent(shown, ground, full=full, challenged=challenged)
    if result is ProbeResult.BLOCKED_CAPTCHA:
        signals.insert(0, f"{ground.form.captcha or 'a CAPTCHA'} was not solved")
    if result is ProbeResult.UNKNOWN and _silently_refused(shown, asked, ground):
        result = ProbeResult.BLOCKED_SCRIPT
        signals.append(
            f"nothing was sent in {waited:.1f} s; filled in completely, it was sent after {ground.took:.1f} s"
        )
    if not shown.clicks and not shown.submits and not shown.disabled_before:
        signals.append("the click did not reach the page")
    return result, tuple(_short(signals or ["nothing happened"], ground))


def _unsent(shown: Shown, ground: Ground, *, full: bool, challenged: bool) -> ProbeResult:
    captcha = bool(ground.form.captcha) or challenged
    if shown.native and shown.missing and (shown.refused or not shown.submits):
        return ProbeResult.BLOCKED_NATIVE
    if any(_CAPTCHA_TEXT.search(text) for text in (*shown.said, *shown.dialogs)) and (captcha or full):
        return ProbeResult.BLOCKED_CAPTCHA
    if captcha and (full or not shown.marked):
        return ProbeResult.BLOCKED_CAPTCHA
    if shown.disabled_before and shown.disabled:
        return ProbeResult.BLOCKED_SCRIPT
    if shown.errors:
        return ProbeResult.BLOCKED_SCRIPT
    return ProbeResult.UNKNOWN


def _silently_refused(shown: Shown, asked: Sequence[Asked], ground: Ground) -> bool:
    """The same button sent the form when it was full; now it was pressed and nothing came of it.

    Unless the page lacked something that it asked for: then it may be the seal that stopped it.
    """
    if any(one.kind == "script" or (one.plain_get and ground.first_party(one.url)) for one in asked):
        return False
    return ground.learned is not None and not shown.gone and (shown.hits > 0 or shown.submits > 0)


def _signals(shown: Shown) -> list[str]:
    found = []
    if shown.disabled_before:
        found.append("submit button disabled")
    found += [f"the browser refused “{name}”: {message}" for name, message in shown.refused[:5]]
    if shown.missing and shown.native and not shown.refused:
        found.append(f"invalid for the browser: {', '.join(shown.missing[:5])}")
    if shown.marked:
        found.append(f"marked invalid: {', '.join(shown.marked[:5])}")
    found += [f"new text: “{text}”" for text in shown.said[:5]]
    found += [f"dialog: “{text}”" for text in shown.dialogs[:3]]
    if shown.prevented:
        found.append("the page's script took over the submission")
    if shown.disabled and not shown.disabled_before:
        found.append("the submit button was disabled by the try")
    return found


def request_of(one: Asked, bait: Bait) -> str:
    """`METHOD address`, without query and without what was typed."""
    return f"{one.method} {bait.without(host_and_path(one.url))}"


def _short(signals: list[str], ground: Ground) -> list[str]:
    return [ground.bait.without(signal)[:300] for signal in list(dict.fromkeys(signals))[:12]]
