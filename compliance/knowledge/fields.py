"""What a form field asks for: autocomplete token first, then type, then the words on it and in its name.

Words are known in English, German, French, Spanish, Italian, Dutch and Portuguese (`words.LANGUAGES`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from compliance.knowledge import field_words as w
from compliance.knowledge.words import LANGUAGES, entries, fold, pattern, words
from compliance.model.content import Field


class FieldClass(StrEnum):
    """What a field asks for."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    COMPANY = "company"
    JOB_TITLE = "job-title"
    ADDRESS = "address"
    COUNTRY = "country"
    BIRTH_DATE = "birth-date"
    GENDER = "gender"
    IDENTITY_NUMBER = "identity-number"
    PAYMENT = "payment"
    USERNAME = "username"
    PASSWORD = "password"  # noqa: S105 - a kind of field
    BUDGET = "budget"
    MESSAGE = "message"
    FILE = "file"
    CONSENT = "consent"
    CAPTCHA = "captcha"
    SEARCH = "search"
    OTHER = "other"


#: Classes that are information about a person (a name chosen for an account is not: it may be a pseudonym).
PERSONAL = frozenset(
    (
        *(FieldClass.NAME, FieldClass.EMAIL, FieldClass.PHONE, FieldClass.COMPANY, FieldClass.JOB_TITLE),
        *(FieldClass.ADDRESS, FieldClass.COUNTRY, FieldClass.BIRTH_DATE, FieldClass.GENDER),
        *(FieldClass.IDENTITY_NUMBER, FieldClass.PAYMENT),
    )
)
#: Ways to reach a person; each alone is enough to answer.
CONTACT = frozenset({FieldClass.EMAIL, FieldClass.PHONE})
#: Types that nobody fills in.
BUTTONS = frozenset({"hidden", "button", "submit", "reset", "image"})
#: Types in which anything can be written.
FREE_TEXT = frozenset({"text", "textarea", ""})

#: Field names of the HTML Standard's autofill section; `given-name` and the like through their prefix.
_AUTOFILL = {
    **dict.fromkeys(("name", "given-name", "additional-name", "family-name"), FieldClass.NAME),
    **dict.fromkeys(("honorific-prefix", "honorific-suffix"), FieldClass.NAME),
    "email": FieldClass.EMAIL,
    "organization": FieldClass.COMPANY,
    "organization-title": FieldClass.JOB_TITLE,
    **dict.fromkeys(("country", "country-name"), FieldClass.COUNTRY),
    **dict.fromkeys(("street-address", "postal-code"), FieldClass.ADDRESS),
    "sex": FieldClass.GENDER,
    **dict.fromkeys(("username", "nickname"), FieldClass.USERNAME),
    **dict.fromkeys(("current-password", "new-password", "one-time-code"), FieldClass.PASSWORD),
    "photo": FieldClass.FILE,
    "impp": FieldClass.PHONE,
}
_AUTOFILL_PREFIXES = (
    ("tel", FieldClass.PHONE),
    ("bday", FieldClass.BIRTH_DATE),
    ("address-l", FieldClass.ADDRESS),
    ("cc-", FieldClass.PAYMENT),
)
_TYPES = {
    "email": FieldClass.EMAIL,
    "tel": FieldClass.PHONE,
    "password": FieldClass.PASSWORD,
    "search": FieldClass.SEARCH,
    "file": FieldClass.FILE,
}
#: In this order: "company name" before "name", "e-mail address" before "address".
_WORDS = (
    (FieldClass.CAPTCHA, pattern(w.CAPTCHA)),
    (FieldClass.EMAIL, pattern(w.EMAIL)),
    (FieldClass.PHONE, pattern(w.PHONE)),
    (FieldClass.BIRTH_DATE, pattern(w.BIRTH)),
    (FieldClass.IDENTITY_NUMBER, pattern(w.IDENTITY)),
    (FieldClass.PAYMENT, pattern(w.PAYMENT)),
    (FieldClass.COMPANY, pattern(w.COMPANY)),
    (FieldClass.JOB_TITLE, pattern(w.JOB)),
    (FieldClass.USERNAME, pattern(w.USERNAME)),
    (FieldClass.OTHER, pattern(w.NO_ADDRESS)),
    (FieldClass.COUNTRY, pattern(w.COUNTRY)),
    (FieldClass.ADDRESS, pattern(w.ADDRESS)),
    (FieldClass.BUDGET, pattern(w.BUDGET)),
    (FieldClass.GENDER, pattern(w.GENDER)),
    (FieldClass.MESSAGE, pattern(w.MESSAGE)),
    (FieldClass.SEARCH, pattern(w.SEARCH)),
    (FieldClass.NAME, pattern(w.NAME)),
)
_NAME_PLAIN = frozenset(entries(w.NAME_PLAIN))
_NAME_COMPANIONS = frozenset(entries(w.NAME_COMPANIONS))
_TITLE = pattern(w.TITLE)
_CONSENT = pattern(w.CONSENT)
_PERSONAL_FILE = pattern(w.PERSONAL_FILE)
_TRAP_NAMES = pattern(w.TRAP_NAMES)
_TRAP_LABELS = pattern(w.TRAP_LABELS)
_ALL_REQUIRED = pattern(w.ALL_REQUIRED)
_MEANS_OPTIONAL = pattern(w.MEANS_OPTIONAL)
_MEANS_REQUIRED = pattern(w.MEANS_REQUIRED)

_ADDRESS_EXAMPLE = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: "How did you hear about our company" asks nothing about the visitor's.
_OURS = re.compile(r"\b(?:our|unser\w*|notre|nos|nuestr\w+|nostr\w+|onze?|noss\w+) \w+")
_LATIN_WORD = re.compile(r"[a-z]{2,}")
_NAMELESS = re.compile(r"^(?:form|field|fields|input|text|question|q|f|control|element|item|[a-f0-9]+|\d+|\s)*$")
_LONG_LABEL = 5
"""Words; a longer label is a sentence, and a word in it need not say what is asked for."""
_LONG_PROMPT = 3
"""The same over a box for free text ("Tell us about your company")."""


def classify(field: Field) -> FieldClass:
    """What `field` asks for; `OTHER` when neither token, type nor words tell."""
    kind = field.type.lower()
    if kind in BUTTONS:
        return FieldClass.OTHER
    if _WORDS[0][1].search(words(field.name)):
        return FieldClass.CAPTCHA
    if kind != "textarea" and (token := _by_autocomplete(field.autocomplete)):
        return token
    if kind in _TYPES:
        return _TYPES[kind]
    if kind == "checkbox":
        return FieldClass.CONSENT if _CONSENT.search(words(f"{field.label} {field.name}")) else FieldClass.OTHER
    return _by_words(field, kind)


def is_personal(field: Field) -> bool:
    """Does it ask for information about the visitor."""
    found = classify(field)
    if found is FieldClass.FILE:
        return bool(_PERSONAL_FILE.search(words(f"{field.label} {field.name} {field.autocomplete}")))
    return found in PERSONAL


def is_trap(field: Field) -> bool:
    """Is it a honeypot: there for robots, not for people."""
    if _TRAP_LABELS.search(words(field.label)) or _TRAP_LABELS.search(words(field.placeholder)):
        return True
    hidden = not field.visible and field.type.lower() != "hidden"
    return hidden and any(_TRAP_NAMES.search(words(name)) for name in (field.name, field.id) if name)


def is_unclear(field: Field, language: str = "") -> bool:
    """Is it free text whose purpose nobody here can read: no words, or words of a language not in the tables."""
    if field.type.lower() not in FREE_TEXT or classify(field) is not FieldClass.OTHER:
        return False
    foreign = bool(language) and not speaks(language)
    label = words(field.label)
    return foreign or not _LATIN_WORD.search(label) or bool(_NAMELESS.match(label))


def speaks(language: str) -> bool:
    """Do the tables hold words of this BCP 47 language; an empty tag says nothing, so yes."""
    return not language or language.partition("-")[0].lower() in LANGUAGES


def says_all_required(note: str) -> bool:
    """Does the form's own text say that every field is required."""
    return bool(_ALL_REQUIRED.search(words(note)))


def mark_means_optional(note: str) -> bool:
    """Does the form's own text say that its marks (asterisks) stand for optional fields."""
    said = words(note)
    return "*" in note and bool(_MEANS_OPTIONAL.search(said)) and not _MEANS_REQUIRED.search(said)


def _by_autocomplete(attribute: str) -> FieldClass | None:
    """The last token that is an autofill field name decides (`shipping home tel webauthn`)."""
    for token in reversed(attribute.lower().split()):
        if token in _AUTOFILL:
            return _AUTOFILL[token]
        for prefix, found in _AUTOFILL_PREFIXES:
            if token.startswith(prefix):
                return found
    return None


def _by_words(field: Field, kind: str) -> FieldClass:
    label = words(_OURS.sub(" ", fold(_ASIDE.sub(" ", field.label))))
    sentence = len(label.split()) > (_LONG_PROMPT if kind == "textarea" else _LONG_LABEL)
    if kind == "textarea" and (sentence or not label):
        return FieldClass.MESSAGE
    if kind.startswith(("select", "radio")) and _TITLE.search(label):
        return FieldClass.NAME
    own = [words(field.name), words(field.id)]
    shown = [label, words(_ASIDE.sub(" ", field.placeholder))]
    for text in [*own, *shown] if sentence else [*shown, *own]:
        if text and (found := _class_of(text)):
            return found
    if _ADDRESS_EXAMPLE.search(field.placeholder):
        return FieldClass.EMAIL
    return FieldClass.MESSAGE if kind == "textarea" else FieldClass.OTHER


def _class_of(text: str) -> FieldClass | None:
    for found, known in _WORDS:
        if known.search(text):
            return found
    parts = text.split()
    plain = [part for part in parts if part in _NAME_PLAIN]
    rest = [part for part in parts if part not in _NAME_PLAIN and not part.isdigit()]
    if plain and all(part in _NAME_COMPANIONS for part in rest):
        return FieldClass.NAME
    return None


def logs_in(fields: Iterable[Field]) -> bool:
    """Do these fields let somebody in who has an account: one password, not a new one, and one question at most."""
    asked = [(one, classify(one)) for one in fields if one.visible and not one.disabled]
    secrets = [one for one, kind in asked if kind is FieldClass.PASSWORD]
    quiet = (FieldClass.PASSWORD, FieldClass.CAPTCHA, FieldClass.CONSENT, FieldClass.OTHER)
    others = [kind for _, kind in asked if kind not in quiet]
    return len(secrets) == 1 and "new-password" not in secrets[0].autocomplete and len(others) <= 1
