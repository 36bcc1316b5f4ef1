"""A walk over a parsed page that no depth of nesting can stop, and what of a page is not for reading."""

from __future__ import annotations

import re
from typing import Protocol

from selectolax.lexbor import LexborNode

#: Elements whose text nobody reads as part of the page.
NEVER_TEXT = frozenset(
    (
        *("script", "style", "template", "noscript", "svg", "math", "object", "embed", "canvas", "video", "audio"),
        *("head", "title", "select", "datalist", "input", "textarea", "button", "progress", "meter", "rt", "rp"),
    )
)
FRAMES = frozenset({"iframe", "frame"})
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Walker(Protocol):
    """Who is told what the walk meets."""

    def enter(self, node: LexborNode) -> bool:
        """An element begins; True leaves it out with all that is in it."""
        ...

    def text(self, text: str) -> None:
        """Text of the element."""
        ...

    def leave(self, node: LexborNode) -> None:
        """An element that was entered ends."""
        ...


def walk(root: LexborNode, walker: Walker) -> None:
    """Tell `walker` about `root` and everything in it, in the order of the document."""
    node: LexborNode | None = root
    entered: list[LexborNode] = []
    while node is not None:
        child = None
        if node.is_text_node:
            walker.text(node.text(deep=False) or "")
        elif node.is_element_node and not walker.enter(node):
            child = node.child
            entered.append(node)
        if child is not None:
            node = child
            continue
        if entered and entered[-1].mem_id == node.mem_id:
            walker.leave(entered.pop())
        while entered and node.next is None:
            node = entered.pop()
            walker.leave(node)
        node = node.next if entered else None


def is_hidden(node: LexborNode) -> bool:
    """Do its own attributes hide it (what a style sheet hides is not known here)."""
    attributes = node.attributes
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    if attributes.get("aria-hidden") == "true" or (node.tag == "dialog" and "open" not in attributes):
        return True
    return bool(_UNSEEN_STYLE.search(attributes.get("style") or ""))


class _Length:
    def __init__(self) -> None:
        self.total = 0

    def enter(self, node: LexborNode) -> bool:
        return node.tag in NEVER_TEXT or node.tag in FRAMES

    def text(self, text: str) -> None:
        self.total += len("".join(text.split()))

    def leave(self, node: LexborNode) -> None:
        pass


def text_length(root: LexborNode) -> int:
    """Characters of text in `root`, white space aside."""
    counter = _Length()
    walk(root, counter)
    return counter.total
