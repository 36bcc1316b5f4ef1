"""The contract of a check.

A check is a generator. It yields what it found and never decides the verdict:

* `Finding`: one deviation. One is enough for `failed`.
* `Doubt`: something it could not tell. Without a finding the verdict is `inconclusive`.
* `Note`: worth saying, decides nothing.
* `Examined`: how many things (links, forms) were looked at; for checks that declare `counts`.

`judge` (in `_judge.py`) runs it and alone derives an outcome.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar, overload

from pydantic import BaseModel, ConfigDict

from compliance.knowledge.lists import Lists
from compliance.model.observation import Observations, Site
from compliance.model.policy import PolicyVersion
from compliance.model.verdict import Finding, Reason
from compliance.model.visit import Aspect, Session, Visit


class Parameters(BaseModel):
    """Base of every check's parameters; field descriptions are the reference that users read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def also_reads(self) -> frozenset[Aspect]:
        """Aspects that only these parameters need, besides those that the check always reads."""
        return frozenset()

    def names_lists(self) -> frozenset[str]:
        """Lists of the user's that these parameters name; they stand in the context."""
        return frozenset()


P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that could not be told."""

    reason: Reason
    message: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Worth saying; decides nothing."""

    message: str


@dataclass(frozen=True, slots=True)
class Examined:
    """`count` more things were examined."""

    count: int = 1


Result = Finding | Doubt | Note | Examined


class PinState(StrEnum):
    """Does the live policy still say what the spec quotes."""

    SAME = "same"
    COSMETIC = "cosmetic"
    CHANGED = "changed"
    REMOVED = "removed"
    UNSEEN = "unseen"
    """The spec names a live policy page and it was not seen."""
    NOT_PUBLISHED = "not_published"
    """The spec names no live policy page."""


@dataclass(frozen=True, slots=True)
class Pin:
    """State of a promise's quotes in the live policy."""

    state: PinState = PinState.NOT_PUBLISHED
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may know besides the observations."""

    site: Site
    policy: PolicyVersion | None = None
    quotes: tuple[str, ...] = ()
    visitor: str = "visitor"
    claim: str = "prohibition"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When the observations were made (not when they are judged): lifetimes are counted from here."""
    lists: Lists = field(default_factory=Lists)
    """Those of the user's lists that the spec names, as they were when the run began."""


VisitFunction = Callable[[Visit, P, Context], Iterator[Result]]
SiteFunction = Callable[[Observations, P, Context], Iterator[Result]]


@dataclass(frozen=True, slots=True)
class Check(Generic[P]):
    """A check: metadata, parameters, function. Built by `@check`; registered in `_registry.BUILTIN`."""

    id: str
    summary: str
    """First line of the function's docstring."""
    doc: str
    """The module's docstring: the reference page."""
    parameters: type[P]
    reads: frozenset[Aspect]
    scope: Literal["visit", "site"]
    run: Callable[[Any, P, Context], Iterator[Result]]
    counts: str = ""
    """Plural of the things examined, when pages are not what is counted ("external links")."""
    sessions: frozenset[Session] = frozenset()
    """Sessions besides the first that must have been seen."""
    pinned: bool = True
    """Void when the live policy no longer contains the quotes."""
    knows: frozenset[str] = frozenset()
    """Lists that ship with this program and that it judges by."""
    statistical: bool = False
    """Its findings rest on likeness (a value looks like an identifier), so that one repetition is not enough."""
    family: str = ""
    module: str = ""


@overload
def check(
    id: str,
    *,
    parameters: type[P],
    reads: list[Aspect],
    scope: Literal["visit"] = "visit",
    counts: str = "",
    sessions: list[Session] | None = None,
    pinned: bool = True,
    statistical: bool = False,
    knows: list[str] | None = None,
) -> Callable[[VisitFunction[P]], Check[P]]: ...
@overload
def check(
    id: str,
    *,
    parameters: type[P],
    reads: list[Aspect],
    scope: Literal["site"],
    counts: str = "",
    sessions: list[Session] | None = None,
    pinned: bool = True,
    statistical: bool = False,
    knows: list[str] | None = None,
) -> Callable[[SiteFunction[P]], Check[P]]: ...
def check(
    id: str,
    *,
    parameters: type[P],
    reads: list[Aspect],
    scope: Literal["visit", "site"] = "visit",
    counts: str = "",
    sessions: list[Session] | None = None,
    pinned: bool = True,
    statistical: bool = False,
    knows: list[str] | None = None,
) -> Callable[[Callable[[Any, P, Context], Iterator[Result]]], Check[P]]:
    """Make a `Check` of a generator function. It registers nothing.

    Args:
        id: What specs call it; kebab case, `vendor/name` for third parties.
        parameters: A `Parameters` model.
        reads: The aspects it reads; it gets no others.
        scope: `visit`: called for each visit. `site`: called once with all observations.
        counts: Plural name of the things it examines, when those are not pages.
        sessions: Sessions besides the first that it needs.
        pinned: Whether a changed policy text voids its verdict.
        knows: Names of lists that ship with this program and that it judges by.
        statistical: Whether its findings rest on likeness; then two of three repetitions must see them. What was
            seen as it is (a request to a host, a sentence that is missing) needs one.
    """

    def build(function: Callable[[Any, P, Context], Iterator[Result]]) -> Check[P]:
        module = inspect.getmodule(function)
        names = function.__module__.split(".")
        return Check(
            id=id,
            summary=(inspect.getdoc(function) or "").partition("\n")[0],
            doc=inspect.cleandoc(module.__doc__ or "") if module else "",
            parameters=parameters,
            reads=frozenset(reads),
            scope=scope,
            run=function,
            counts=counts,
            sessions=frozenset(sessions or ()),
            pinned=pinned,
            knows=frozenset(knows or ()),
            statistical=statistical,
            family=names[-2] if len(names) > 1 else "",
            module=function.__module__,
        )

    return build
