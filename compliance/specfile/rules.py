"""What must hold between the parts of a spec, beyond the shape of each part.

Every rule reads the raw data, so that it speaks also when another part of the same promise is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, ValidationError

from compliance.model.spec import Attestation, Authorisation, Waiver
from compliance.model.urls import origin_of
from compliance.specfile.collector import Collector, did_you_mean, quoted
from compliance.specfile.limits import MAX_GLOB
from compliance.specfile.quotes import QuoteFinder
from compliance.specfile.source import Path, Source

M = TypeVar("M", bound=BaseModel)

_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def check_rules(source: Source, errors: Collector) -> None:
    """Every rule that needs the document alone."""
    _site(source, errors)
    _globs(source, errors)
    _visitors(source, errors)
    _promises(source, errors)
    _authorisation(source, errors)


def check_dates(source: Source, today: date, warnings: Collector) -> None:
    """Warn about what has expired: it is void, and the run says so."""
    for at, promise in entries(source, "promises"):
        attestation = _part(Attestation, promise.get("attestation"))
        if attestation:
            place = source.value(*at, "attestation", "expires" if attestation.expires else "date")
            if attestation.date > today:
                message = f"the attestation is dated {attestation.date}, in the future"
                warnings.add(message, source.value(*at, "attestation", "date"), hint="correct the date")
            if (until := attested_until(attestation)) < today:
                hint = "it counts for nothing now: renew it, or delete it"
                warnings.add(f"the attestation expired on {until}", place, hint=hint)
        waiver = _part(Waiver, promise.get("waiver"))
        if waiver and waiver.expires < today:
            hint = "it is void now: mend what it excuses, renew it, or delete it"
            warnings.add(f"the waiver expired on {waiver.expires}", source.value(*at, "waiver", "expires"), hint=hint)
    authorisation = _part(Authorisation, source.data.get("authorisation"))
    if authorisation and authorisation.expires < today:
        hint = "nothing is submitted until it is renewed"
        place = source.value("authorisation", "expires")
        warnings.add(f"the authorisation expired on {authorisation.expires}", place, hint=hint)


def attested_until(attestation: Attestation) -> date:
    """The last day on which an attestation counts."""
    if attestation.expires:
        return attestation.expires
    try:
        return attestation.date.replace(year=attestation.date.year + 1)
    except ValueError:  # 29 February, or the year 9999
        return date.max if attestation.date.year == date.max.year else date(attestation.date.year + 1, 2, 28)


def check_quotes(source: Source, finder: QuoteFinder, errors: Collector) -> None:
    """Every quote stands in the policy version."""
    for quote, path in quotes(source):
        if quote and not finder.touched(quote):
            message = f"quote not in the policy version {finder.version.path}"
            errors.add(message, source.value(*path), hint=lambda q=quote: finder.closest(q))  # type: ignore[misc]


def quotes(source: Source) -> Iterator[tuple[str, Path]]:
    """Every quote of the document, and its path."""
    for at, promise in entries(source, "promises"):
        listed = promise.get("quote")
        if isinstance(listed, str):
            yield listed, (*at, "quote")
        for index, quote in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(quote, str):
                yield quote, (*at, "quote", index)
    for at, entry in entries(source, "not_promised"):
        if isinstance(entry.get("quote"), str):
            yield entry["quote"], (*at, "quote")


def entries(source: Source, key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Path and data of each mapping in a list of the document."""
    listed = source.data.get(key)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield (key, index), entry


def _site(source: Source, errors: Collector) -> None:
    site = source.data.get("site")
    if not isinstance(site, dict):
        return
    url = site.get("url")
    if isinstance(url, str) and url.startswith(("http://", "https://")) and not origin_of(url):
        errors.add(f"{quoted(url)} has no usable host", source.value("site", "url"), hint="as in https://example.org/")
    for key in ("first_party", "processors"):
        listed = site.get(key)
        for index, name in enumerate(listed if isinstance(listed, list | dict) else ()):
            if isinstance(name, str) and name and not _DOMAIN.fullmatch(name):
                place = source.value("site", key, index) if isinstance(listed, list) else source.key("site", key, name)
                host = urlsplit(name).hostname if re.match(r"https?://\w", name) and origin_of(name) else ""
                hint = f"write {host}" if host else "lower case, no scheme, no path, as in example.org"
                errors.add(f"{quoted(name)} is not a domain", place, hint=hint)


def _globs(source: Source, errors: Collector) -> None:
    scope = source.data.get("scope")
    for key in ("include", "exclude"):
        listed = scope.get(key) if isinstance(scope, dict) else None
        for index, glob in enumerate(listed if isinstance(listed, list) else ()):
            place = source.value("scope", key, index)
            if not isinstance(glob, str):
                continue
            if not glob or glob != glob.strip() or re.search(r"\s", glob):
                errors.add("a glob is empty or holds a space", place, hint="as in */help/*; write %20 for a space")
            elif len(glob) > MAX_GLOB or glob.count("*") > 10:
                hint = "use several short globs"
                errors.add(f"a glob has more than {MAX_GLOB} characters or 10 asterisks", place, hint=hint)
            elif re.search(r"\\[dws./]|^\^|\$$|\(\?|\.\+", glob):
                hint = "* stands for any characters, everything else for itself"
                errors.add(f"{quoted(glob)} is a regular expression, not a glob", place, hint=hint)
            elif not glob.startswith(("/", "*", "http:", "https:", "http*")):
                hint = f"begin with / for a path (/{glob}), with https:// for an address, or with *"
                errors.add(f"{quoted(glob)} matches no address", place, hint=hint)


def _visitors(source: Source, errors: Collector) -> None:
    seen: dict[str, int] = {}
    for at, visitor in entries(source, "visitors"):
        _unique(visitor.get("name", "visitor"), (*at, "name"), "visitor", seen, source, errors)
        locale, zone = visitor.get("locale"), visitor.get("timezone")
        if isinstance(locale, str) and not _LOCALE.fullmatch(locale):
            place, hint = source.value(*at, "locale"), f"write {locale.replace('_', '-')[:20]}" if "_" in locale else ""
            errors.add(f"{quoted(locale)} is not a language tag", place, hint=hint or "as in en-GB or de")
        if isinstance(zone, str) and not _is_timezone(zone):
            place, close = source.value(*at, "timezone"), get_close_matches(zone[:60], available_timezones(), 1)
            hint = f"did you mean {close[0]}?" if close else "as in Europe/Berlin or UTC"
            errors.add(f"{quoted(zone)} is not an IANA time zone", place, hint=hint)


@cache
def _is_timezone(name: str) -> bool:
    """Where the machine has no time zone data, only the browser can tell."""
    if name == "UTC":
        return True
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return not available_timezones()
    return True


def _promises(source: Source, errors: Collector) -> None:
    listed = source.data.get("visitors")
    names = [v.get("name", "visitor") for _, v in entries(source, "visitors")] if listed else ["visitor"]
    known = [name for name in names if isinstance(name, str)]
    seen: dict[str, int] = {}
    for at, promise in entries(source, "promises"):
        _unique(promise.get("id"), (*at, "id"), "promise", seen, source, errors)
        wanted = promise.get("visitors")
        for index, name in enumerate(wanted if isinstance(wanted, list) else ()):
            if isinstance(name, str) and name not in known:
                hint = did_you_mean(name, known, what="visitors")
                errors.add(f"unknown visitor {quoted(name)}", source.value(*at, "visitors", index), hint=hint)
        if not any(promise.get(key) for key in ("checks", "awaits", "not_testable", "attestation")):
            hint = "add `checks:`, `awaits:` (a check that is still to be written), `not_testable:` or `attestation:`"
            errors.add("nothing judges this promise", source.key(*at, "id"), hint=hint)
        attestation = _part(Attestation, promise.get("attestation"))
        if attestation and attestation.expires and attestation.expires < attestation.date:
            place = source.value(*at, "attestation", "expires")
            errors.add("the attestation expires before its date", place, hint="exchange the two dates")


def _authorisation(source: Source, errors: Collector) -> None:
    block = source.data.get("authorisation")
    if not isinstance(block, dict):
        return
    origins = block.get("origins")
    for index, origin in enumerate(origins if isinstance(origins, list) else ()):
        if isinstance(origin, str) and (not origin.startswith("http") or origin_of(origin) != origin):
            place = source.value("authorisation", "origins", index)
            known = origin_of(origin if "://" in origin else f"https://{origin}")
            hint = f"write {known}" if known.startswith("http") else "as in https://example.org"
            errors.add(f"{quoted(origin)} is not an origin (scheme and host, no path)", place, hint=hint)
    valid = _part(Authorisation, block)
    if valid and valid.expires < valid.date:
        place = source.value("authorisation", "expires")
        errors.add("the authorisation expires before its date", place, hint="exchange the two dates")


def _unique(name: object, path: Path, what: str, seen: dict[str, int], source: Source, errors: Collector) -> None:
    if not isinstance(name, str):
        return
    place = source.value(*path)
    if name in seen:
        errors.add(f"duplicate {what} {quoted(name)}", place, hint=f"the first is at line {seen[name]}; rename one")
    seen.setdefault(name, place.line)


def _part(model: type[M], data: object) -> M | None:
    """A valid part, or None: what is wrong with it, the whole document's validation says."""
    if not isinstance(data, dict):
        return None
    try:
        return model.model_validate(data)
    except ValidationError:
        return None
