"""Which forms are worth trying: those that ask for something personal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from compliance.knowledge.destructive import destructive
from compliance.knowledge.fields import is_personal, is_trap, logs_in
from compliance.model.content import Form
from compliance.model.visit import Visit

MAX_FORMS = 12


@dataclass(frozen=True, slots=True)
class FormTargets:
    """Forms to try, and those left alone with the reason."""

    tried: tuple[tuple[str, Form], ...]
    left_out: tuple[tuple[str, Form, str], ...]


def form_targets(visits: Iterable[Visit], *, limit: int = MAX_FORMS) -> FormTargets:
    """Each form that asks for something personal, once, on the first page that shows it.

    Args:
        visits: With the aspect `forms`.
        limit: Forms to try at most.
    """
    seen: dict[object, tuple[str, Form]] = {}
    for visit in visits:
        for form in visit.forms or ():
            same = _same(visit.page, form)
            known = seen.get(same)
            if known is None or (form.visible and not known[1].visible):
                seen[same] = (visit.page, form)
    tried: list[tuple[str, Form]] = []
    left: list[tuple[str, Form, str]] = []
    for page, form in seen.values():
        if not any(is_personal(one) and not is_trap(one) for one in form.fields):
            continue
        why = "" if form.visible else "nobody sees it without doing something first"
        why = why or ("it logs somebody in who has an account" if logs_in(form.fields) else acts(form))
        if not why and len(tried) >= limit:
            why = f"more than {limit} forms"
        if why:
            left.append((page, form, why))
        else:
            tried.append((page, form))
    return FormTargets(tuple(tried), tuple(left))


def _same(page: str, form: Form) -> object:
    """Equal for one form on many pages, as `Form.key` is.

    A form that posts to the page it is on has no address of its own, and two that demand different fields are two.
    """
    names = frozenset(one.name or one.id or one.label for one in form.fields)
    place = form.action.partition("?")[0].partition("#")[0]
    own = place in {address.partition("?")[0].partition("#")[0] for address in (page, form.frame)}
    demanded = frozenset(one.name or one.id or one.label for one in form.fields if one.value_missing)
    return form.method.lower(), "" if own else place, names, demanded, form.no_validate


def acts(form: Form) -> str:
    """Why pressing a form's button would do more than send a message; empty when it would not."""
    said = form.submit_text.split()
    for text in (form.submit_text, *said[:1], *said[-1:]):
        if word := destructive("", text.strip(".,!»› →")):
            return f"its button says “{word}”"
    if word := destructive(form.action):
        return f"its address says “{word}”"
    if form.action.partition(":")[0].lower() in ("mailto", "tel", "sms"):
        return "it opens a program of the visitor's own"
    return ""
