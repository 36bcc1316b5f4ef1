"""YAML text → plain data and the place of every key and value.

What is read is YAML 1.2 with the core scalars, minus everything that makes a document mean something
other than what a reader sees: no tags, no merge keys, no second document, no duplicate keys. `no`, `on`,
`12:30`, `010`, `1_000` and `2026-01-02` are texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml

from compliance.model.location import SourceLocation
from compliance.specfile.collector import Collector, quoted
from compliance.specfile.limits import MAX_DIGITS, MAX_ERRORS
from compliance.specfile.nodes import Composer, Node, Stop
from compliance.specfile.syntax import cleaned, explain_syntax, unreadable_characters

Path = tuple[str | int, ...]

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@dataclass(frozen=True, slots=True)
class Source:
    """The data of a YAML text and where each part of it stands."""

    path: str
    data: Any
    values: dict[Path, SourceLocation]
    """Key path → place of the value there; `()` is the whole document."""
    keys: dict[Path, SourceLocation]
    """Key path → place of its last key; list items have none."""
    written: dict[Path, str]
    """Key path → the text of a value that is not a text (`1.10`, which became 1.1)."""
    broken: frozenset[Path]
    """Values that are not what the text says, because something about it was refused."""

    def trace(self, location: Iterator[str | int] | Path) -> Path:
        """The longest path of the document that `location` follows; parts which the document lacks are passed over.

        Validation names parts that no document has (the branch of a union), and a list of bare
        check ids is a mapping to it.
        """
        path: Path = ()
        for part in location:
            if (*path, part) in self.values:
                path = (*path, part)
            elif isinstance(part, str) and isinstance(here := self.at(path), list) and part in here:
                path = (*path, here.index(part))
        return path

    def at(self, path: Path) -> Any:
        """The data at a path that exists."""
        here = self.data
        for part in path:
            here = here[part]
        return here

    def value(self, *location: str | int) -> SourceLocation:
        """Place of the value, or of the nearest parent."""
        return self.values[self.trace(location)]

    def key(self, *location: str | int) -> SourceLocation:
        """Place of the key (of the value, in a list), or of the nearest parent."""
        path = self.trace(location)
        return self.keys.get(path, self.values[path])


def parse(text: str, path: str, errors: Collector) -> Source | None:
    """Read one YAML document.

    Args:
        text: The file's text.
        path: How messages call the file.
        errors: Takes everything that is wrong.

    Returns:
        Data and places. After an error from which reading can go on (a duplicate key) too, so that the caller
        finds the other errors; None after one from which it cannot (syntax, a limit).
    """
    found = False
    for line, column, message, hint in islice(unreadable_characters(text), MAX_ERRORS):
        errors.add(message, SourceLocation(path, line, column), hint=hint)
        found = True
    if found:
        return None
    try:
        root = Composer(path, errors).compose(text)
    except Stop:
        return None
    except yaml.YAMLError as error:
        errors.append(explain_syntax(error, text, path))
        return None
    builder = _Builder(path, errors)
    data = builder.build(root, ())
    return Source(path, data, builder.values, builder.keys, builder.written, frozenset(builder.broken))


@dataclass(slots=True)
class _Builder:
    """Nodes → data and places. Recursion is safe here: the depth has been checked."""

    path: str
    errors: Collector
    values: dict[Path, SourceLocation] = field(default_factory=dict)
    keys: dict[Path, SourceLocation] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    broken: set[Path] = field(default_factory=set)

    def build(self, node: Node, path: Path) -> Any:
        # An alias is reported where it is used, what is inside it where it is written.
        self.values[path] = self._place(node)
        if node.plain and not node.text:
            # Nothing stands there; what a person sees is the key.
            self.values[path] = self.keys.get(path, self.values[path])
        node = node.target or node
        if node.tagged:
            self.broken.add(path)
        if node.children is None:
            value = self._scalar(node, path)
            if not isinstance(value, str):
                self.written[path] = node.text
            return value
        if not node.mapping:
            return [self.build(child, (*path, index)) for index, child in enumerate(node.children)]
        data: dict[str, Any] = {}
        for key, child in zip(node.children[::2], node.children[1::2], strict=True):
            name = self._key(key, data, path)
            if name is None:
                self.broken.add(path)
            else:
                self.keys[(*path, name)] = self._place(key)
                data[name] = self.build(child, (*path, name))
        return data

    def _key(self, node: Node, data: dict[str, Any], path: Path) -> str | None:
        """A key's text (a key is a text, whatever it looks like), or None for a key that cannot be used."""
        actual = node.target or node
        if actual.children is not None:
            self._error("a key is a list or a mapping", node, "a value that begins with [ or { needs quotes")
        elif not actual.text:
            self._error("a key is empty", node, "write the key before the colon")
        elif actual.plain and actual.text == "<<":
            hint = "write the keys out; an alias may stand for a whole value (`scope: *scope`)"
            self._error("merge keys (<<) are not part of YAML 1.2", node, hint)
        elif actual.text in data:
            first = self.keys[(*path, actual.text)].line
            hint = f"it stands at line {first} already; keep one of them"
            self._error(f"duplicate key {quoted(actual.text)}", node, hint)
        elif self._readable(actual):
            return actual.text
        return None

    def _scalar(self, node: Node, path: Path) -> Any:
        """A scalar's value by the core schema; of one that is refused, what stands in for it."""
        if not self._readable(node):
            self.broken.add(path)
            return cleaned(node.text)
        text = node.text
        if not node.plain:
            return text
        if text in _NULLS:
            return None
        if text in _BOOLS:
            return _BOOLS[text]
        try:
            if _BASED.fullmatch(text):
                return int(self._short(text), 0)
            if _INT.fullmatch(text):
                return int(self._short(text))
            if _NOT_FINITE.fullmatch(text) or (_FLOAT.fullmatch(text) and not math.isfinite(float(text))):
                raise ValueError(f"{quoted(text)} is not a finite number")
            return float(text) if _FLOAT.fullmatch(text) else text
        except ValueError as error:
            self._error(str(error), node, "write another number, or put it in quotes if it is a text")
            self.broken.add(path)
            return 0

    def _short(self, text: str) -> str:
        if len(text.lstrip("+-")) > MAX_DIGITS:
            raise ValueError(f"a number of more than {MAX_DIGITS} digits ({quoted(text)})")
        return text

    def _readable(self, node: Node) -> bool:
        """Escapes in double quotes can write what the text itself may not hold."""
        for _, _, message, _ in unreadable_characters(node.text, inside=True):
            self._error(f"an escape makes {message}", node, "remove the escape")
            return False
        return True

    def _place(self, node: Node) -> SourceLocation:
        return SourceLocation(self.path, node.line, node.column)

    def _error(self, message: str, node: Node, hint: str) -> None:
        self.errors.add(message, self._place(node), hint=hint)
