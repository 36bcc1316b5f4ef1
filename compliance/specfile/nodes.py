"""YAML events → nodes, within the limits.

PyYAML is used for its events only: its own composer recurses, and its constructor has YAML 1.1's ideas.
A nest of aliases is counted here, never expanded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from compliance.model.location import SourceLocation
from compliance.specfile.collector import Collector, quoted
from compliance.specfile.limits import MAX_ALIASES, MAX_DEPTH, MAX_NODES, MAX_TEXT

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A scalar, list, mapping or alias as it stands in the text."""

    line: int
    column: int
    children: list[Node] | None = None
    """Items of a list; keys and values in turn of a mapping."""
    mapping: bool = False
    text: str = ""
    plain: bool = False
    tagged: bool = False
    target: Node | None = None
    """What an alias stands for."""
    open: bool = False
    nodes: int = 1
    length: int = 0
    height: int = 0


class Stop(Exception):
    """Nothing after this place can be read."""


@dataclass(slots=True)
class Composer:
    """Events → nodes, within the limits. No recursion: the depth is an attacker's choice until it is checked."""

    path: str
    errors: Collector
    stack: list[Node] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    aliases: int = 0
    nodes: int = 0
    length: int = 0
    root: Node | None = None

    def compose(self, text: str) -> Node:
        """The document's root.

        Raises:
            Stop: Something is wrong that ends the reading; it is among the errors.
            yaml.YAMLError: The text is not YAML.
        """
        documents = 0
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self._document(event, documents)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
        if self.root is None or (self.root.plain and not self.root.text):
            self._stop("the file is empty", None, "a spec begins with `version: 1`")
        return self.root

    def _document(self, event: yaml.DocumentStartEvent, number: int) -> None:
        if number > 1:
            self._stop("a second document begins here", event, "one file holds one spec: delete this `---` or split")
        if event.version or event.tags:
            self._error("directives (%YAML, %TAG) are not read", event, "delete the lines that begin with %")

    def _node(self, event: Any) -> None:
        node = Node(event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.AliasEvent):
            self._alias(event, node)
        else:
            if event.tag is not None:
                node.tagged = True
                hint = "write the plain value; a text that begins with ! needs quotes"
                tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
                self._error(f"tags are not allowed ({quoted(tag)})", event, hint)
            if isinstance(event, yaml.ScalarEvent):
                node.text, node.plain, node.length = event.value, not event.style, len(event.value)
            else:
                node.children, node.mapping, node.open = [], isinstance(event, yaml.MappingStartEvent), True
            if event.anchor is not None:
                self.anchors[event.anchor] = node
        self._count(event, node)
        if self.stack:
            assert self.stack[-1].children is not None
            self.stack[-1].children.append(node)
        else:
            self.root = node
        if node.open:
            self.stack.append(node)

    def _alias(self, event: Any, node: Node) -> None:
        name = event.anchor
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            self._stop(f"more than {MAX_ALIASES} aliases", event, "write the values out")
        target = self.anchors.get(name)
        if target is None:
            hint = f'a text that begins with * needs quotes: "*{name}"; otherwise define &{name} above'
            self._stop(f"alias *{name} refers to nothing", event, hint)
        if target.open:
            self._stop(f"alias *{name} contains itself", event, "write the value out")
        node.target, node.nodes, node.length, node.height = target, target.nodes, target.length, target.height

    def _count(self, event: Any, node: Node) -> None:
        self.nodes += node.nodes
        self.length += node.length
        if self.nodes > MAX_NODES:
            self._stop(f"more than {MAX_NODES:,} keys and values (aliases written out)", event, "split the spec")
        if self.length > MAX_TEXT:
            self._stop(f"more than {MAX_TEXT:,} characters (aliases written out)", event, "write the values out")
        if len(self.stack) + node.height >= MAX_DEPTH:
            self._stop(f"nested deeper than {MAX_DEPTH} levels", event, "a spec needs seven")

    def _close(self) -> None:
        node = self.stack.pop()
        node.open = False
        for child in node.children or ():
            node.nodes += child.nodes
            node.length += child.length
            node.height = max(node.height, child.height + 1)

    def _error(self, message: str, event: yaml.Event | None, hint: str) -> None:
        mark = event.start_mark if event else None
        place = SourceLocation(self.path, mark.line + 1, mark.column + 1) if mark else SourceLocation(self.path)
        self.errors.add(message, place, hint=hint)

    def _stop(self, message: str, event: yaml.Event | None, hint: str) -> NoReturn:
        self._error(message, event, hint)
        raise Stop
