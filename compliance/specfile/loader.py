"""A spec file, read, validated and bound to its policy version and its checks; every error at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from compliance.checks import Parameters
from compliance.errors import PolicyError, SpecError
from compliance.model.location import SourceLocation
from compliance.model.policy import PolicyVersion
from compliance.model.run import SentenceAccount
from compliance.model.spec import Spec
from compliance.specfile.binding import bind
from compliance.specfile.collector import Collector
from compliance.specfile.limits import MAX_BYTES
from compliance.specfile.messages import add_validation_errors
from compliance.specfile.quotes import QuoteFinder, accounts
from compliance.specfile.rules import check_dates, check_quotes, check_rules
from compliance.specfile.source import Source, parse


@dataclass(frozen=True, slots=True)
class LoadedSpec:
    """A valid spec and all that it refers to."""

    spec: Spec
    path: Path
    text: str
    digest: str
    """SHA-256 of the file's bytes."""
    policy: PolicyVersion
    parameters: Mapping[tuple[str, str], Parameters]
    """Promise id and check id → the check's parameters."""
    accounts: tuple[SentenceAccount, ...]
    """One per sentence of the policy, without outcomes."""
    warnings: tuple[SpecError, ...]
    source: Source

    def locate(self, *keys: str | int) -> SourceLocation:
        """Where a key (or an item of a list) stands; the nearest parent for what the file leaves out."""
        return self.source.key(*keys)

    def promise_location(self, promise_id: str) -> SourceLocation:
        """Where a promise begins.

        Raises:
            KeyError: The spec has no such promise.
        """
        for index, promise in enumerate(self.spec.promises):
            if promise.id == promise_id:
                return self.source.value("promises", index)
        raise KeyError(promise_id)


def load_spec(path: Path, *, policy_dir: Path | None = None, today: date | None = None) -> LoadedSpec:
    """Read a spec.

    Args:
        path: The YAML file.
        policy_dir: Folder of the stored policy version, in place of the spec's `policy.path`.
        today: The day that decides what has expired.

    Returns:
        The spec, its policy version and its checks' parameters.

    Raises:
        SpecErrors: Everything that is wrong, each with its place in the file.
        ComplianceError: An installed package brings a check that cannot be used.
    """
    errors, warnings = Collector(), Collector()
    content = _read(path, errors)
    source = parse(content.decode(), str(path), errors)
    if source is not None and not isinstance(source.data, dict):
        errors.add("a spec is a mapping (`key: value` lines)", source.value(), hint="it begins with `version: 1`")
    if source is None or not isinstance(source.data, dict):
        errors.raise_any()
        raise AssertionError("parse gives either a document or an error")
    try:
        spec = Spec.model_validate(source.data)
    except ValidationError as error:
        add_validation_errors(errors, error, source, Spec)
    parameters = bind(source, errors)
    check_rules(source, errors)
    check_dates(source, today or date.today(), warnings)
    finder = _policy(source, path, policy_dir, errors)
    errors.raise_any()
    assert finder is not None
    promised = [(promise.id, quote) for promise in spec.promises for quote in promise.quote]
    told = accounts(finder, promised, [(entry.quote, entry.because) for entry in spec.not_promised])
    digest = hashlib.sha256(content).hexdigest()
    return LoadedSpec(
        spec, path, content.decode(), digest, finder.version, parameters, told, tuple(warnings.errors), source
    )


def _read(path: Path, errors: Collector) -> bytes:
    """The file's bytes, which are UTF-8 and not too many."""
    start = SourceLocation(str(path))
    content = b""
    try:
        if path.exists() and not path.is_file():
            errors.add("this is not a file", start, hint="name one YAML file")
        else:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
    except OSError as error:
        errors.add(f"the file cannot be read: {error.strerror or error}", start, hint="look at its name and its rights")
    if len(content) > MAX_BYTES:
        errors.add(f"the file is larger than {MAX_BYTES:,} bytes", start, hint="one spec speaks about one policy")
    errors.raise_any()
    try:
        content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode()) + 1
        shown = "UTF-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else f"byte 0x{content[error.start]:02X}"
        message = f"the file is not UTF-8 ({shown})"
        errors.add(message, SourceLocation(str(path), line, column), hint="save the file as UTF-8")
        errors.raise_any()
    return content


def _policy(source: Source, path: Path, policy_dir: Path | None, errors: Collector) -> QuoteFinder | None:
    """The policy version, after its quotes were looked for; None when it cannot be read."""
    from compliance.store.policies import read_version  # noqa: PLC0415 - not needed to tell of a syntax error

    named: Any = source.data.get("policy")
    folder = named.get("path") if isinstance(named, dict) else None
    if policy_dir is None and not isinstance(folder, str):
        return None
    try:
        finder = QuoteFinder(read_version(policy_dir or path.parent / str(folder)))
    except PolicyError as error:
        errors.add(error.message, source.value("policy", "path"), hint=error.hint)
        return None
    check_quotes(source, finder, errors)
    return finder
