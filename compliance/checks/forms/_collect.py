"""Forms of a site, each once, with the pages it is on and the record of trying it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from compliance.knowledge.field_words import RECOVER, REGISTER
from compliance.knowledge.fields import BUTTONS, FieldClass, classify, is_personal, is_trap, is_unclear, logs_in
from compliance.knowledge.words import pattern, words
from compliance.model.content import Field, Form
from compliance.model.trials import FormProbe
from compliance.model.visit import Visit

_VARIABLE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{20,}|(?<![a-z])[0-9a-f]*\d[0-9a-f]{11,}|\d{4,}", re.IGNORECASE)
_Key = tuple[str, str, tuple[str, ...], frozenset[str]]
_RECOVER = pattern(RECOVER)
_REGISTER = pattern(REGISTER)


def field_name(one: Field) -> str:
    """What a field is called in cases, causes and exemptions."""
    return one.name or one.id or one.label


@dataclass(slots=True)
class SeenForm:
    """One form, however many pages it is on."""

    form: Form
    visit: str
    page: str
    language: str
    pages: set[str] = field(default_factory=set)
    probe: FormProbe | None = None

    @property
    def title(self) -> str:
        """What a reader knows it by."""
        return self.form.name or self.form.submit_text or self.path

    @property
    def path(self) -> str:
        """Path that it posts to."""
        return urlsplit(self.form.action).path or "/"

    @property
    def identity(self) -> str:
        """The same on every host, port and preview build."""
        everywhere = len(self.pages) > 1 and _own_page(self.form, self.page)
        where = "its own page" if everywhere else self.path
        return _VARIABLE.sub("*", f"{self.form.method.lower()} {where} [{','.join(_names(self.form))}]")

    @property
    def asked(self) -> tuple[Field, ...]:
        """The fields that a person can be asked to fill in; of radio buttons of one name, one."""
        found: dict[str, Field] = {}
        for one in self.form.fields:
            if one.type.lower() not in BUTTONS and not one.disabled and not is_trap(one):
                found.setdefault(field_name(one) or one.selector, one)
        return tuple(found.values())

    @property
    def personal(self) -> tuple[Field, ...]:
        """Those that ask for information about the person."""
        return tuple(one for one in self.asked if is_personal(one))

    @property
    def unclear(self) -> tuple[Field, ...]:
        """Demanded text fields whose purpose cannot be read."""
        return tuple(one for one in self.asked if is_unclear(one, self.language) and native(one, self.form))


def native(one: Field, form: Form) -> bool:
    """Does the browser itself refuse the form while this field is blank (and the site has not filled it in)."""
    if not one.value_missing or form.no_validate:
        return False
    if one.type in ("checkbox", "radio"):
        return not any(other.checked for other in form.fields if other.name == one.name)
    return not one.value.strip()


def own_purpose(seen: SeenForm) -> str:
    """Why a form cannot but ask who the visitor is; empty for all others."""
    form = seen.form
    said = words(f"{form.name} {seen.path} {form.submit_text}")
    if _REGISTER.search(said):
        return ""
    classes = [classify(one) for one in seen.asked]
    secrets = [one for one in seen.asked if classify(one) is FieldClass.PASSWORD]
    others = [c for c in classes if c not in (FieldClass.PASSWORD, FieldClass.CAPTCHA, FieldClass.CONSENT)]
    others = [c for c in others if c is not FieldClass.OTHER]
    if logs_in(seen.asked):
        return "it logs somebody in who has an account"
    tokens = [one.autocomplete.lower().split() for one in seen.personal]
    if len(tokens) == 1 and len(others) == 1 and "username" in tokens[0]:
        return "it logs somebody in who has an account"
    if len(others) == 1 and not secrets and _RECOVER.search(said):
        return "it finds the account of somebody who has one"
    return ""


def exempted(exempt: Mapping[str, str], *names: str) -> str:
    """The reason of the first exemption (glob → reason) that matches one of the names; empty for none."""
    for glob, reason in exempt.items():
        if any(fnmatchcase(name.casefold(), glob.casefold()) for name in names if name):
            return f"{reason.rstrip('.')} (exempt: {glob})"
    return ""


def collect(visits: Iterable[Visit], probes: Iterable[FormProbe]) -> list[SeenForm]:
    """Every form that asks for something personal (or unreadable), once, with its probe."""
    found: dict[_Key, SeenForm] = {}
    for visit in visits:
        for form in visit.forms or ():
            key = _key(form, visit.page)
            seen = found.setdefault(key, SeenForm(form, visit.id, visit.page, visit.language))
            seen.pages.add(visit.page)
    alike: dict[object, list[SeenForm]] = {}
    for key, seen in found.items():
        alike.setdefault(key[:-1], []).append(seen)
    for probe in probes:
        key = _key(probe.form, probe.page)
        # Tried in another state than it was recorded in: still the same form, when there is only one like it.
        others = alike.get(key[:-1], [])
        tried = found.get(key) or (others[0] if len(others) == 1 else None)
        if tried is not None and (tried.probe is None or (tried.probe.error and not probe.error)):
            tried.probe = probe
    return [seen for seen in found.values() if seen.personal or seen.unclear]


def _key(form: Form, page: str) -> _Key:
    """Equal for one form on many pages; forms that enforce different fields differ."""
    enforced = frozenset(field_name(one) for one in form.fields if native(one, form))
    place = "" if _own_page(form, page) else form.action.partition("?")[0]
    return form.method.lower(), place, _names(form), enforced


def _own_page(form: Form, page: str) -> bool:
    """Does it post to the page it is on (or nowhere: scripts take it)."""
    return form.action.partition("?")[0].partition("#")[0] in {
        url.partition("?")[0].partition("#")[0] for url in (page, form.frame, "")
    }


def _names(form: Form) -> tuple[str, ...]:
    return tuple(sorted({field_name(one) for one in form.fields}))
