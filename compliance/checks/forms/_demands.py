"""What one form demands: what trying it showed, else what the browser would refuse, else what it says."""

from __future__ import annotations

from dataclasses import dataclass, field

from compliance.checks.forms._collect import SeenForm, field_name, native
from compliance.knowledge.fields import CONTACT, FieldClass, classify, mark_means_optional, says_all_required
from compliance.model.content import Field
from compliance.model.trials import FormCase, ProbeResult
from compliance.model.verdict import Evidence, Finding, Reason

REFUSED = frozenset({ProbeResult.BLOCKED_NATIVE, ProbeResult.BLOCKED_SCRIPT})
_HOW = {
    ProbeResult.BLOCKED_NATIVE: "the browser refused to send the form",
    ProbeResult.BLOCKED_SCRIPT: "the page's script did not send the form",
}


@dataclass(frozen=True, slots=True)
class Demand:
    """A field, or several of which one must be filled in, and how the page demands it."""

    fields: tuple[Field, ...]
    how: str
    evidence: tuple[Evidence, ...]

    @property
    def classes(self) -> frozenset[FieldClass]:
        """What is asked for."""
        return frozenset(classify(one) for one in self.fields)

    @property
    def names(self) -> str:
        """For causes: one field, or all of which one is demanded."""
        names = sorted(field_name(one) for one in self.fields)
        return names[0] if len(names) == 1 else f"one-of({'|'.join(names)})"


@dataclass(slots=True)
class Judgement:
    """What is known about one form."""

    enforced: list[Demand] = field(default_factory=list)
    told: list[Demand] = field(default_factory=list)
    """Not enforced, as far as seen, but the visitor is told that it is required."""
    doubts: list[tuple[Reason, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tried: bool = False
    """Everything personal was left blank in a try that went through."""


def judge_form(seen: SeenForm) -> Judgement:
    """What a form demands: its probe decides; without one its attributes, as far as they prove anything."""
    found = Judgement()
    for one in seen.unclear:
        found.doubts.append(
            (Reason.NEEDS_HUMAN, f"the form “{seen.title}” demands {_quoted(one)}, and what that asks for is not clear")
        )
    if not seen.personal:
        return found
    cases = {case.case: case for case in seen.probe.cases} if seen.probe else {}
    if not cases:
        _untried(seen, found)
    elif "full" not in cases or cases["full"].result is not ProbeResult.SUBMITTED:
        _control_failed(seen, cases, found)
        return found
    else:
        _tried(seen, cases, found)
    enforced = {field_name(one) for demand in found.enforced for one in demand.fields}
    for one in seen.personal:
        if field_name(one) not in enforced and (how := _says_required(one, seen)):
            how += "; nothing was seen to enforce it"
            found.told.append(Demand((one,), how, (_attribute_evidence(one, seen, how),)))
    return found


def beyond_minimum(demands: list[Demand]) -> list[Demand]:
    """What is demanded beyond one way to answer (e-mail or phone) and a name."""
    contacts = [d for d in demands if d.classes & CONTACT]
    return [d for d in demands if not d.classes & CONTACT and FieldClass.NAME not in d.classes] + contacts[1:]


def _untried(seen: SeenForm, found: Judgement) -> None:
    """Only the attributes are known."""
    for one in seen.personal:
        if native(one, seen.form):
            found.enforced.append(_by_browser(one, seen))
    if len(found.enforced) < len(seen.personal):
        why = seen.probe.error if seen.probe and seen.probe.error else "no try of it is on record"
        found.doubts.append((Reason.INSTRUMENT, f"the form “{seen.title}” could not be tried ({why})"))


def _control_failed(seen: SeenForm, cases: dict[str, FormCase], found: Judgement) -> None:
    """Filled in completely it was not sent either: nothing follows from the other cases."""
    full = cases.get("full")
    if seen.form.captcha or (full and full.result is ProbeResult.BLOCKED_CAPTCHA):
        refused = [c for c in cases.values() if c.result is ProbeResult.BLOCKED_NATIVE]
        for one in seen.personal:
            if native(one, seen.form) and any(_left_blank(one, case) for case in refused):
                found.enforced.append(_by_browser(one, seen))
        if not found.enforced:
            kind = seen.form.captcha or "a CAPTCHA"
            found.doubts.append((Reason.BLOCKED, f"the form “{seen.title}” is behind {kind}, which is not solved"))
        return
    said = "; ".join(full.signals[:3]) if full and full.signals else full.result.value if full else "not tried"
    found.doubts.append(
        (Reason.INSTRUMENT, f"the form “{seen.title}” was not sent with every field filled in either ({said})")
    )


def _tried(seen: SeenForm, cases: dict[str, FormCase], found: Judgement) -> None:
    """The control went through, so each refusal is about what was left blank."""
    free = [case for name, case in cases.items() if name != "full" and case.result is ProbeResult.SUBMITTED]
    undecided: list[Field] = []
    for one in seen.personal:
        alone = next((c for c in cases.values() if _is_without(one, c)), None)
        passed = next((case for case in free if _left_blank(one, case)), None)
        if alone and alone.result in REFUSED and not passed:
            found.enforced.append(_by_trying((one,), alone, seen))
        elif alone and alone.result in REFUSED:
            found.doubts.append((Reason.FLAKY, f"tries of {_quoted(one)} in “{seen.title}” disagree"))
        elif alone and alone.result is ProbeResult.BLOCKED_CAPTCHA and not passed:
            found.doubts.append((Reason.BLOCKED, f"a CAPTCHA stopped the try of {_quoted(one)} in “{seen.title}”"))
        elif not passed and _was_hidden(one, seen, cases["full"]):
            found.notes.append(f"{_quoted(one)} of “{seen.title}” was not shown; the form goes through without it.")
        elif not passed:
            undecided.append(one)
    for one in [one for one in undecided if native(one, seen.form)]:
        found.enforced.append(_by_browser(one, seen))
        undecided.remove(one)
    for one in undecided:
        found.doubts.append((Reason.INSTRUMENT, f"{_quoted(one)} in “{seen.title}” could not be tried blank"))
    if not found.enforced and not undecided:
        _all_blank(seen, cases, free, found)
    for one in seen.personal:
        if one.value_missing and any(_left_blank(one, case) for case in free):
            found.notes.append(f"{_quoted(one)} of “{seen.title}” has the attribute `required`; nothing enforces it.")


def _all_blank(seen: SeenForm, cases: dict[str, FormCase], free: list[FormCase], found: Judgement) -> None:
    """Each field may be blank; may all be at once? "E-mail or phone" is a demand, too."""
    shown = tuple(one for one in seen.personal if not _was_hidden(one, seen, cases["full"]))
    if not shown or any(all(_left_blank(one, case) for one in shown) for case in free):
        found.tried = True
        return
    names = {field_name(one) for one in shown}
    minimal = cases.get("minimal")
    if minimal is None and (blank := cases.get("blank")) and set(blank.blank) <= names:
        minimal = blank
    if minimal and minimal.result in REFUSED and len(shown) > 1:
        found.enforced.append(_by_trying(shown, minimal, seen))
    elif not found.doubts:
        said = f" ({minimal.result.value})" if minimal else ""
        found.doubts.append(
            (
                Reason.INSTRUMENT,
                f"“{seen.title}” was not sent with everything personal blank{said}, and why is not known",
            )
        )


def _is_without(one: Field, case: FormCase) -> bool:
    return case.case.startswith("without:") and case.case.removeprefix("without:") in _names(one)


def _left_blank(one: Field, case: FormCase) -> bool:
    return bool(_names(one) & set(case.blank)) or _is_without(one, case)


def _names(one: Field) -> set[str]:
    return {name for name in (one.name, one.id, one.label, one.selector) if name}


def _was_hidden(one: Field, seen: SeenForm, full: FormCase) -> bool:
    """It stayed blank in the control, because nobody was shown it, and the form went through."""
    return (not one.visible and seen.form.visible) or _left_blank(one, full)


def _says_required(one: Field, seen: SeenForm) -> str:
    """How the visitor is told that a field is required, empty when not."""
    if not one.visible and seen.form.visible:
        return ""
    if one.marked_required and not one.marked_optional and not mark_means_optional(seen.form.note):
        return "it is marked as required"
    if one.aria_required:
        return "it is announced as required (aria-required)"
    if not one.marked_optional and says_all_required(seen.form.note):
        return f"the form says “{seen.form.note[:100]}”"
    return ""


def _by_browser(one: Field, seen: SeenForm) -> Demand:
    how = "the browser refuses the form while it is blank (required)"
    return Demand((one,), how, (_attribute_evidence(one, seen, "required, value missing"),))


def _by_trying(fields: tuple[Field, ...], case: FormCase, seen: SeenForm) -> Demand:
    what = "this field alone" if len(fields) == 1 else "all of these"
    said = f": {'; '.join(case.signals[:3])[:300]}" if case.signals else ""
    probe = seen.probe.id if seen.probe else ""
    evidence = tuple(
        Evidence(probe, "form_probes", one.selector, f"{case.case}: {case.result.value}{said}", case.screenshot)
        for one in fields
    )
    return Demand(fields, f"with {what} left blank {_HOW[case.result]}{said}", evidence)


def _attribute_evidence(one: Field, seen: SeenForm, said: str) -> Evidence:
    return Evidence(seen.visit, "forms", one.selector, f"{one.label[:100]}: {said}")


def _quoted(one: Field) -> str:
    return f"“{(one.label or one.placeholder or field_name(one) or one.selector)[:80]}”"


def quoted(demand: Demand) -> str:
    """The labels, as the visitor reads them."""
    return " or ".join(_quoted(one) for one in demand.fields)


def finding_of(demand: Demand, seen: SeenForm) -> Finding:
    """One finding for a demand, whatever the number of pages."""
    where = f", on {len(seen.pages)} pages" if len(seen.pages) > 1 else ""
    return Finding(
        f"The form “{seen.title}” ({seen.path}{where}) demands {quoted(demand)}: {demand.how}.",
        seen.probe.page if seen.probe else seen.page,
        f"required:{seen.identity}:{demand.names}",
        demand.evidence,
    )
