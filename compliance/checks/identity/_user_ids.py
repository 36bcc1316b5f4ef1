"""What follows from an identifier in a request: who is told, how long it lives, how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from compliance.checks._check import Doubt, Note, Result
from compliance.checks.identity._sent import Carried
from compliance.knowledge.identifiers import Bucket, ItemLabel, Options, bucket_of, exemption
from compliance.knowledge.identifiers.carriers import VISITORS
from compliance.knowledge.identifiers.decoration import PAGES
from compliance.knowledge.identifiers.describe import pointers, redacted, shown, title
from compliance.knowledge.identifiers.telling import MAX_PAGES, Example, Payloads, Told
from compliance.knowledge.identifiers.tokens import normal_name
from compliance.knowledge.measurement import named
from compliance.knowledge.parties import listed
from compliance.model.observation import Site
from compliance.model.urls import url_key
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Session

_WEIGHT = {Finding: 3, Doubt: 2, Note: 1}


class Reader:
    """Turns what was found into results, one for each recipient and name; the gravest counts."""

    def __init__(self, site: Site, options: Options, pieces: Mapping[str, Bucket]) -> None:
        self.results: dict[tuple[str, str], Result] = {}
        self.of_session: set[str] = set()
        """Names of what lives for the session, or a day."""
        self._site, self._options, self._pieces = site, options, pieces
        self._known: dict[str, set[str]] = {}
        """Recipient → pieces that a result is about."""

    def is_news(self, to: str, piece: str) -> bool:
        """Is a piece more than part of what was said already; the first time it is asked."""
        known = self._known.setdefault(to, set())
        news = piece not in known and self._pieces.get(piece) is not Bucket.SHORT
        known.add(piece)
        return news

    def unsure(self, text: str, reason: Reason, page: str) -> Result:
        """A doubt in the strict reading, said in the other."""
        return Doubt(reason, text, page) if self._options.strict else Note(f"{text[0].upper()}{text[1:]}.")

    def carried(self, one: Carried) -> None:
        """A stored identifier that was sent."""
        where = self._where(one.example.url, one.name, shown(one.where))
        text = f"the value of {title(one.carrier)} is sent to {shown(one.to)}, in {where} ({one.shape})"
        if bucket_of(one.carrier.lifetime) <= Bucket.SHORT:
            # Should it be there again all the same, the comparison of what was sent shows it.
            self._brief(one.to, one.name or one.carrier.name)
            return
        excuse = exemption(one.carrier.name, self._options.exempt) or exemption(one.name, self._options.exempt)
        own = one.to in self._site.first_party
        if own and one.found.label is not ItemLabel.STRONG and (excuse or one.found.label is ItemLabel.ROTATING):
            return
        self._known.setdefault(one.to, set()).update(one.pieces)
        if one.found.label is ItemLabel.ROTATING:
            may = f"{text}; it changes from visit to visit and may carry one identity"
            self._keep(one.to, one.name, self.unsure(may, Reason.NEEDS_HUMAN, one.example.page))
        elif one.found.label is not ItemLabel.STRONG:
            may = f"{text}; it may tell visitors apart"
            self._keep(one.to, one.name, self.unsure(may, Reason.COVERAGE, one.example.page))
        elif not one.found.returned:
            why = f"{text}; it tells visitors apart, and whether it stays was not seen"
            self._keep(one.to, one.name, self.unsure(why, Reason.COVERAGE, one.example.page))
        else:
            told = f"{text}. It tells visitors apart (about {one.found.bits:.0f} bits) and outlives the session."
            evidence = (_pointer(one.example), *pointers(one.carrier))
            self._keep(one.to, one.name, self._broken(one.to, one.name, told, one.example.page, excuse, evidence))

    def compared(self, one: Told) -> None:
        """A text that differs between visitors."""
        known = self._known.setdefault(one.to, set())
        if one.tokens and known.issuperset(one.tokens):
            return
        known.update(one.tokens)
        if one.lasting is False or self._is_brief(one):
            self._brief(one.to, _name(one))
            return
        result = self._ruled(one)
        if result is not None:
            self._keep(one.to, _name(one), result)

    def _ruled(self, one: Told) -> Result | None:
        first = one.examples[0]
        foreign = one.to not in self._site.first_party
        where = self._where(first.url, one.place.name, shown(one.place.words))
        text = f"{where} of requests to {shown(one.to)} differs between three independent visitors"
        if one.found.label is ItemLabel.UNCOMPARED:
            text = f"{where} of requests to {shown(one.to)} may tell visitors apart, and was not seen often enough"
            possible = one.found.bits + one.found.possible >= self._options.strong_bits
            address = one.place.kind in ("path", "host")
            return self.unsure(text, Reason.COVERAGE, first.page) if possible and (foreign or not address) else None
        if one.found.label is ItemLabel.STRONG and one.lasting is None:
            return self.unsure(f"{text}; whether it stays was not seen", Reason.COVERAGE, first.page)
        text += f" (about {one.found.bits:.0f} bits) and was there again after the browser was closed"
        if one.found.label is ItemLabel.STRONG and one.pages >= PAGES:
            excuse = exemption(one.place.name, self._options.exempt)
            more = " or more" * (one.pages >= MAX_PAGES)
            told = f"{text}, on {one.pages} pages{more}. It identifies the visitor."
            evidence = tuple(map(_pointer, one.examples))
            return self._broken(one.to, _name(one), told, first.page, excuse, evidence)
        if one.found.label is ItemLabel.STRONG:
            return self.unsure(f"{text}, on one page alone: it may name content", Reason.NEEDS_HUMAN, first.page)
        if one.found.label is ItemLabel.WEAK:
            return self.unsure(text, Reason.NEEDS_HUMAN, first.page) if foreign else Note(f"{_sentence(text)}.")
        return None

    def _broken(self, to: str, name: str, text: str, page: str, excuse: str, evidence: tuple[Evidence, ...]) -> Result:
        text = _sentence(text)
        own = to in self._site.first_party
        if own and excuse:
            return Note(f"Identifier, exempt: {excuse}. {text}")
        if own and not self._options.strict:
            return Note(f"Identifier, not held against the promise (it stays with the site). {text}")
        processor = listed(to, self._site.processors)
        if processor and not self._options.strict:
            return Note(f"Told to a processor ({processor}: {self._site.processors[processor]}). {text}")
        cause = f"user-id:{'self' if own else to}:{shown(normal_name(name))}"
        return Finding(text, page, cause, evidence)

    def _where(self, url: str, name: str, words: str) -> str:
        called = named(url, name)
        return f"{words} ({called})" if called else words

    def _is_brief(self, one: Told) -> bool:
        """Is all that identifies the value of something stored that lives a day at most, and is still alive.

        What ends with the session cannot be what brought it back.
        """
        return bool(one.tokens) and all(self._pieces.get(token) is Bucket.SHORT for token in one.tokens)

    def _brief(self, to: str, name: str) -> None:
        self.of_session.add(f"{shown(name)} ({shown(to)})")

    def _keep(self, to: str, name: str, result: Result) -> None:
        key = (to, normal_name(name))
        before = self.results.get(key)
        if before is None or _WEIGHT[type(result)] > _WEIGHT[type(before)]:
            self.results[key] = result


def mail(to: str, address: str, seen: Mapping[Session, Example], payloads: Payloads) -> Result:
    """An e-mail address in what is sent to another owner. No visitor of a run has one, or types any."""
    example = next(iter(seen.values()))
    name, _, host = address.partition("@")
    text = f"{shown(to)} is sent an e-mail address ({shown(name[:2])}…@{shown(host)})"
    mine = Session.FIRST in seen or Session.FIRST_AGAIN in seen
    visitors = mine + sum(session in seen for session in VISITORS[1:])
    everybody = any(url_key(one.page) in payloads.common for one in seen.values())
    if visitors == 1 and everybody:
        told = f"{_sentence(text)} that no other visitor of the same pages sent."
        return Finding(told, example.page, f"user-id:{to}:e-mail", (_pointer(example),))
    if address in unquote(unquote(example.page)).lower():
        told = f"{text} that stands in the address of the page: such pages hand on whose address it is"
        return Doubt(Reason.NEEDS_HUMAN, told, example.page)
    return Note(f"{_sentence(text)}, the same for all visitors, or on a page that the others did not see.")


def _name(one: Told) -> str:
    """Of the parameter or field; of a path or host its kind."""
    return one.place.kind if one.place.kind in ("path", "host") else one.place.name or one.place.kind


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _pointer(one: Example) -> Evidence:
    return Evidence(one.visit, Aspect.REQUESTS.value, one.request, f"{one.session.value}: {redacted(one.value)}")
