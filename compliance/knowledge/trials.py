"""Forms, links and pages of ours that are tried in every run, and what the trials must say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from compliance.knowledge.controls import path_of
from compliance.model.content import Field, Form
from compliance.model.controls import TrialControl
from compliance.model.observation import Controls, MissedControl
from compliance.model.recording import RecordingProbe
from compliance.model.trials import FormProbe, LinkProbe, ProbeResult
from compliance.model.visit import Aspect

WHEN = "beside"
_NAME = Field("name", "text", "Your name", selector='[name="name"]')


def _form(kind: str, button: str, *fields: Field) -> Form:
    at = f'form[action="/c/trial-{kind}"]'
    return Form(f"/c/trial-{kind}", "post", fields, submit="button", submit_text=button, selector=at)


#: Their actions lack the origin, which is another in every run.
TRIED_FORMS = (
    _form(
        "native",
        "Ask natively",
        Field("name", "text", "Your name", required=True, value_missing=True, selector='[name="name"]'),
    ),
    _form("script", "Ask by script", Field("email", "text", "Your e-mail", selector='[name="email"]')),
    _form("free", "Ask freely", _NAME, Field("note", "text", "Note", selector='[name="note"]')),
)
#: Path on the other site, text.
TRIED_LINKS = (
    ("/c/trial-away", "A link that leaves at once"),
    ("/c/trial-told", "A link that says so before"),
    ("/c/trial-pressed", "A link that is changed when it is pressed"),
)
#: Cookie and key in which that page keeps what it adds.
KEPT = "trial-number"


def proved(seen: Iterable[TrialControl]) -> Controls:
    """How the trials did on what is known."""
    tried, missed, aspects = 0, list[MissedControl](), set[Aspect]()
    for control in seen:
        aspect = Aspect(control.aspect)
        aspects.add(aspect)
        if control.error:
            missed.append(MissedControl(aspect, "all", WHEN, control.error))
        elif control.needed:
            told = list(_TOLD[aspect](control))
            tried += len(told)
            missed += [MissedControl(aspect, what, WHEN, why) for what, why in told if why]
    return Controls(tried, tuple(missed), frozenset(aspects))


def _forms(seen: TrialControl) -> Iterator[tuple[str, str]]:
    """(what, why it is wrong or empty) for each form."""
    tried = {path_of(probe.form.action).rpartition("-")[2]: probe for probe in seen.forms or ()}
    yield (
        "a form that the browser refuses while a field is blank",
        _case(tried.get("native"), ProbeResult.BLOCKED_NATIVE),
    )
    yield "a form that a script refuses while a field is blank", _case(tried.get("script"), ProbeResult.BLOCKED_SCRIPT)
    yield "a form that may be sent blank", _case(tried.get("free"), ProbeResult.SUBMITTED)
    leaked = [name for name in seen.arrived if name in ("trial-native", "trial-script", "trial-free")]
    yield "the seal", "something that was tried reached the server" if leaked else ""


def _case(probe: FormProbe | None, blank: ProbeResult) -> str:
    if probe is None:
        return "was not tried"
    if probe.error:
        return probe.error
    found = {case.case: case.result for case in probe.cases}
    expected = {"full": ProbeResult.SUBMITTED, "blank": blank}
    wrong = [
        f"{case}: {found.get(case, 'not tried')}" for case, result in expected.items() if found.get(case) is not result
    ]
    return f"was judged wrongly ({', '.join(wrong)})" if wrong else ""


def _links(seen: TrialControl) -> Iterator[tuple[str, str]]:
    tried = {path_of(probe.href).rpartition("-")[2]: probe for probe in seen.links or ()}
    for name, expected, what in (("away", "left", "leaves at once"), ("told", "dialog", "says so before it leaves")):
        found = tried[name].result if name in tried else "not tried"
        yield f"a link that {what}", "" if found == expected else f"was judged wrongly ({found})"
    yield "a link that is changed when it is pressed", _pressed(tried.get("pressed"))
    leaked = [name for name in seen.arrived if name in ("trial-away", "trial-told", "trial-pressed")]
    yield "the seal", "a link that was tried was followed" if leaked else ""


def _pressed(probe: LinkProbe | None) -> str:
    if probe is None or probe.result != "left":
        return f"was judged wrongly ({probe.result if probe else 'not tried'})"
    cookies = [one.value for one in probe.cookies or () if one.name == KEPT]
    stored = [one.value for one in probe.storage or () if (one.kind, one.key) == ("local", KEPT)]
    number = "".join(probe.went).rpartition("number=")[2]
    missing = [
        what
        for what, there in (
            ("the address as it was", probe.stood == probe.href),
            ("what was added to it", len(number) == len("00000000-0000-0000-0000-000000000000")),
            ("the cookie that holds it", cookies == [number]),
            ("the stored value that holds it", stored == [number]),
            ("the mouse", probe.by == "mouse"),
        )
        if not there
    ]
    return f"is recorded without {', '.join(missing)}" if missing else ""


def _recording(seen: TrialControl) -> Iterator[tuple[str, str]]:
    tried = {path_of(probe.page): probe for probe in seen.recording or ()}
    busy, clean = tried.get("/recorder.html"), tried.get("/clean.html")
    yield "a page that records its visitor", _recorder(busy)
    clean_why = "was not tried" if clean is None else clean.error or clean.gap
    if clean is not None and not clean_why and (clean.watchers or any(r.method != "GET" for r in clean.requests)):
        clean_why = "is said to have watched or sent something"
    yield "a page that does nothing", clean_why


def _recorder(probe: RecordingProbe | None) -> str:
    if probe is None:
        return "was not tried"
    if probe.error or probe.gap:
        return probe.error or probe.gap
    sent = "".join(r.body or "" for r in probe.requests if path_of(r.url) == "/c/recorded")
    heard = {call.api for call in probe.watchers}
    missing = [
        what
        for what, there in (
            ("the text of the page", probe.marker and probe.marker in sent),
            ("what was typed", any(one.value in sent for one in probe.typed)),
            ("who listens", {"watch.move", "watch.keys", "watch.document"} <= heard),
        )
        if not there
    ]
    return f"is recorded without {', '.join(missing)}" if missing else ""


_TOLD: dict[Aspect, Callable[[TrialControl], Iterator[tuple[str, str]]]] = {
    Aspect.FORM_PROBES: _forms,
    Aspect.LINK_PROBES: _links,
    Aspect.RECORDING_PROBES: _recording,
}
#: The aspects that these controls watch over.
TRIED = frozenset(_TOLD)
