"""The spec language, version 1: one YAML file speaks about one policy of one site.

These models are the schema: `compliance schema` prints them as JSON Schema, and
every description below is what an editor shows. They hold no line numbers; the
loader keeps those beside (`specfile.loader.LoadedSpec`).
"""

from __future__ import annotations

import re
from datetime import date as _date  # fields are called `date`
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
CheckId = Annotated[str, Field(pattern=r"^([a-z0-9-]+/)?[a-z0-9][a-z0-9-]*$", max_length=80)]
Text = Annotated[str, Field(min_length=1)]

_UNITS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "month": 2592000,
    "year": 31536000,
}
_DURATION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(second|minute|hour|day|week|month|year)s?\s*$")


def parse_duration(value: object) -> object:
    """`30 days` → seconds. A month is 30 days and a year 365. Integers are refused: they carry no unit."""
    if isinstance(value, str):
        if value.strip() == "session":
            return 0.0
        match = _DURATION.match(value)
        if match:
            return float(match[1]) * _UNITS[match[2]]
    elif isinstance(value, float):
        return value
    raise ValueError('a duration needs a number and a unit, as in "30 days" or "13 months" (or "session")')


def _read_duration(value: object, info: ValidationInfo) -> object:
    """A float made by Python code means seconds; one in a spec (the loader sets the context) has no unit."""
    return parse_duration(int(value) if isinstance(value, float) and info.context == "document" else value)


Duration = Annotated[
    float,
    BeforeValidator(_read_duration, json_schema_input_type=str),
    Field(description='A number and a unit, as in "30 days"; "session" for none.'),
]


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_day(value: object) -> object:
    """`2026-11-22` → date. The loader leaves dates as texts, as YAML 1.2 does."""
    if isinstance(value, str):
        try:
            if _DAY.fullmatch(value):
                return _date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"there is no such day ({error})") from error
    elif type(value) is _date:
        return value
    raise ValueError("a date is written as year-month-day, as in 2026-11-22")


Day = Annotated[_date, BeforeValidator(parse_day)]


class Model(BaseModel):
    """Strict and frozen: an unknown key is an error, and a value is never silently converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SiteSpec(Model):
    """The site that made the promises."""

    name: str = Field("", description="How people call it.")
    url: str = Field(description="Where the crawl starts; `--site` replaces it.", pattern=r"^https?://[^\s/]+.*$")
    first_party: list[Text] = Field(
        [], description="Further registrable domains of the same owner (example.org, example-cdn.net)."
    )
    processors: dict[str, str] = Field(
        {}, description="Registrable domain → what it does for the site; parties that the policy names."
    )


class PolicySpec(Model):
    """The policy that is quoted."""

    path: str = Field(description="Folder of the stored version, relative to this file.")
    url: str | None = Field(
        None,
        description="Where the site publishes it (address or path); leave out when it is not on the site.",
    )
    selector: str | None = Field(None, description="CSS selector of the policy's text on that page.")


class ScopeSpec(Model):
    """Which pages are visited."""

    strategy: Literal["same-domain", "same-hostname", "same-origin"] = Field(
        "same-domain",
        description="same-domain: every host of the registrable domain. same-hostname. same-origin.",
    )
    seeds: list[str] = Field(["/"], description="Addresses or paths to start from; the site's address when left out.")
    include: list[str] = Field([], description="Only addresses matching one of these globs; all when empty.")
    exclude: list[str] = Field([], description="No address matching one of these globs.")
    sitemaps: bool = Field(True, description="Read the site's sitemaps too.")
    robots: Literal["honour", "report"] = Field(
        "honour",
        description="honour: forbidden pages are not visited. report: they are, all the same (your own site only).",
    )
    depth: int = Field(10, ge=0, le=100, description="Clicks from a seed.")
    budget: int = Field(500, ge=1, le=1_000_000, description="Pages at most.")
    delay: float | None = Field(
        None,
        ge=0,
        le=60,
        description="Seconds between two page loads. Left out: 1, or 0 on this machine's own addresses.",
    )
    at_once: int = Field(4, ge=1, le=16, description="Pages open at the same time.")
    sample: int = Field(10, ge=1, le=200, description="Pages that the returning and the independent visitors see.")
    page_timeout: float = Field(20, gt=0, le=300, description="Seconds a page may take.")


class VisitorSpec(Model):
    """Who browses."""

    name: Identifier = Field("visitor", description="What promises and reports call it.")
    locale: str = Field("en-US", description="BCP 47 language of the browser.")
    timezone: str = Field("UTC", description="IANA time zone.")
    width: int = Field(1280, ge=200, le=8000, description="Of the window, in CSS pixels.")
    height: int = Field(800, ge=200, le=8000, description="Of the window, in CSS pixels.")
    device: str | None = Field(None, description="A device of Playwright's list, as in `iPhone 15`.")


class Attestation(Model):
    """Somebody's word for what cannot be seen from outside. Shown apart, never green."""

    statement: Text = Field(description="What is vouched for, in the words of whoever does.")
    by: Text = Field(description="Role and name.")
    date: Day = Field(description="When it was given.")
    expires: Day | None = Field(None, description="Twelve months after `date` when left out.")
    level: Literal["A0", "A1", "A2", "A3"] = Field(
        "A0", description="A0 claimed, A1 document seen, A2 configuration inspected, A3 independently tested."
    )
    document: str | None = Field(None, description="The document shown.")
    digest: str | None = Field(None, pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the document.")


class Waiver(Model):
    """An accepted deviation; void when expired."""

    reason: Text = Field(description="Why it is accepted.")
    owner: Text = Field(description="Who accepted it.")
    expires: Day = Field(description="The last day on which it holds.")
    findings: list[str] = Field([], description="Causes or identities of findings; all of the promise when empty.")


class Awaited(Model):
    """A check that would judge this promise and does not exist in this version."""

    check: CheckId = Field(description="The name it will have.")
    because: Text = Field(description="What it would look at.")


class Promise(Model):
    """One testable statement of the policy."""

    id: Identifier = Field(description="What people, reports and command lines call it.")
    quote: list[Text] = Field(
        description="Verbatim policy text; a list when it stands in several places.", min_length=1
    )
    category: Literal[
        "first-party-collection-use",
        "third-party-sharing-collection",
        "user-choice-control",
        "user-access-edit-deletion",
        "data-retention",
        "data-security",
        "policy-change",
        "do-not-track",
        "international-specific-audiences",
        "introductory-generic",
        "privacy-contact-information",
        "practice-not-covered",
    ] = Field(description="OPP-115 category.")
    claim: Literal["prohibition", "capability", "disclosure", "internal-practice", "legal-declaration"] = Field(
        "prohibition", description="What kind of statement it is; decides what a verdict can mean."
    )
    severity: Literal["low", "medium", "high", "critical"] = Field(
        "medium", description="How bad it is when it is broken; decides no verdict."
    )
    reading: str = Field("", description="How the sentence is understood here, in words.")
    checks: dict[CheckId, dict[str, Any]] = Field({}, description="Check id → its parameters.")
    awaits: list[Awaited] = Field([], description="Checks that do not exist yet; the promise says so.")
    not_testable: str | None = Field(None, min_length=1, description="What of it cannot be seen from outside, and why.")
    attestation: Attestation | None = None
    visitors: list[Identifier] = Field([], description="Names of visitors it is tested with; all when empty.")
    on_inconclusive: Literal["fail", "warn"] = Field(
        "fail", description="What follows when nobody could tell. fail: a run is not green. warn: it is only told."
    )
    waiver: Waiver | None = None
    dpv: list[str] = Field([], description="Terms of the W3C Data Privacy Vocabulary, as in dpv:Tracking.")

    @field_validator("quote", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("checks", mode="before")
    @classmethod
    def _bare_checks(cls, value: object) -> object:
        """`checks: [a, b]` and `a:` without parameters both mean "with the defaults"."""
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return {v: {} for v in value}
        if isinstance(value, dict):
            return {k: {} if v is None else v for k, v in value.items()}
        return value


class NotPromised(Model):
    """A sentence that commits the site to nothing, and why."""

    quote: Text = Field(description="Verbatim policy text.")
    because: Text = Field(description="Why it promises nothing.")


class Authorisation(Model):
    """Who allowed tests that act on the site. Without it no journey submits anything."""

    by: Text = Field(description="Who allowed it: role and name.")
    date: Day = Field(description="When it was given.")
    expires: Day = Field(description="The last day on which it holds.")
    origins: list[str] = Field(min_length=1, description="Origins on which acting is allowed.")
    contact: Text = Field(description="Whom the site's operator can reach about the test.")
    limit: int = Field(3, ge=1, le=100, description="Submissions at most.")


class Spec(Model):
    """One YAML file."""

    version: Literal[1] = Field(description="Version of this language.")
    site: SiteSpec
    policy: PolicySpec
    scope: ScopeSpec = ScopeSpec()
    visitors: list[VisitorSpec] = Field(
        [VisitorSpec()], min_length=1, description="Who browses; one visitor with the defaults when left out."
    )
    promises: list[Promise] = Field(min_length=1)
    not_promised: list[NotPromised] = Field([], description="Sentences that commit the site to nothing.")
    authorisation: Authorisation | None = Field(
        None, description="Who allowed tests that act on the site; without it nothing is submitted."
    )
