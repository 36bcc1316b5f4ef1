"""The text of a policy page: title, headings, paragraphs, list items and table rows.

With a CSS selector its first match is the policy. Without one it is the `main` element (or the only
`article`) if that holds text worth the name, else the body without navigation, header, footer and
asides. What is folded away (`details`, accordions) counts; what is left out is reported by kind, with
its length, so that nothing is lost silently. A row of a data table is one sentence, its cells
separated by bars; a table that lays out a page is read cell by cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from compliance.errors import PolicyError
from compliance.policy.sentences import split_sentences
from compliance.policy.walk import FRAMES, NEVER_TEXT, is_hidden, text_length, walk
from compliance.store.policies import Paragraph

#: Less text than this is no policy but a frame around one.
LEAST_TEXT = 200
#: A cell longer than this is a part of the page, not of a data table.
LONGEST_CELL = 400

_WORDS_OF_A_TITLE = 8
_LONGEST_BOLD_HEADING = 120
_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "label", "mark", "nobr", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong"),
        *("sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LANDMARKS = {
    **{"nav": "navigation", "header": "header", "footer": "footer", "aside": "aside"},
    **{"navigation": "navigation", "banner": "header", "contentinfo": "footer", "complementary": "aside"},
    **{"search": "search", "dialog": "dialog", "alertdialog": "dialog"},
}
#: Left out even of the element that holds the policy: tables of contents, search boxes, overlays.
_NEVER_POLICY = frozenset({"navigation", "search", "dialog"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a page says."""

    title: str
    paragraphs: tuple[Paragraph, ...]
    omitted: Mapping[str, int] = field(default_factory=dict)
    """Kind of what was left out, and its length in characters."""


def extract(html: str, *, selector: str | None = None) -> Extraction:
    """Read a rendered page.

    Raises:
        PolicyError: The selector is wrong or matches nothing, or the page shows no text.
    """
    tree = LexborHTMLParser(_CONTROL.sub(" ", html))
    body = tree.body
    if body is None:
        raise PolicyError("the page has no body", hint="Is it HTML? The address may answer with something else.")
    root = _chosen(tree, body, selector)
    whole = root.mem_id == body.mem_id and not selector
    reader = _Reader(_opened(tree), keep=not whole)
    walk(root, reader)
    if whole and sum(len(b.text) for b in reader.blocks) < LEAST_TEXT and reader.omitted:
        # Nearly all text is in asides, headers or footers: then they are the content.
        reader = _Reader(_opened(tree), keep=True)
        walk(root, reader)
    if not reader.blocks:
        where = f"what {selector!r} matches" if selector else "the page"
        left = f" (left out: {told(reader.omitted)})" if reader.omitted else ""
        raise PolicyError(
            f"{where} shows no text{left}",
            hint="Is it drawn by a script that did not run, or in a frame? Name its element by a CSS selector.",
        )
    outside = text_length(body) - text_length(root)
    if outside:
        reader.omitted[f"outside {selector or root.tag}"] += outside
    title, blocks = _titled(reader.blocks, tree)
    return Extraction(title, tuple(Paragraph(b.sentences, b.level > 0) for b in blocks), dict(reader.omitted))


def told(omitted: Mapping[str, int]) -> str:
    """What was left out, in words."""
    return ", ".join(f"{kind} ({length} characters)" if length else kind for kind, length in sorted(omitted.items()))


def _chosen(tree: LexborHTMLParser, body: LexborNode, selector: str | None) -> LexborNode:
    """The element that holds the policy."""
    if selector:
        try:
            found = tree.css_first(selector)
        except SelectolaxError as error:
            raise PolicyError(
                f"{selector!r} is not a CSS selector", hint="As in `main`, `#policy` or `.legal`."
            ) from error
        if found is None:
            raise PolicyError(f"nothing on the page matches {selector!r}", hint="Has the page changed its structure?")
        return found
    sized = [(text_length(n), n) for n in tree.css("main, [role=main]")[:20] if not is_hidden(n)]
    length, best = max(sized, key=lambda pair: pair[0], default=(0, body))
    if length >= LEAST_TEXT:
        return best
    articles = tree.css("article")
    if len(articles) == 1 and text_length(articles[0]) >= max(LEAST_TEXT, text_length(body) // 2):
        return articles[0]
    return body


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    level: int = 0
    """Of a heading; 0 for text."""
    row: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        return (self.text,) if self.row else tuple(split_sentences(self.text))


def _titled(blocks: list[_Block], tree: LexborHTMLParser) -> tuple[str, list[_Block]]:
    """The title, and the text without it. A short first `h1` is a title only; a long one may promise, and stays."""
    first = next((b for b in blocks if b.level), None)
    if first is not None and first.level == 1:
        title_only = len(first.text.split()) <= _WORDS_OF_A_TITLE and len(blocks) > 1
        return first.text, [b for b in blocks if not (title_only and b is first)]
    named = tree.css_first("head title")
    return " ".join((named.text() if named else "").split()) or (first or blocks[0]).text[:80].strip(), blocks


def _opened(tree: LexborHTMLParser) -> frozenset[str]:
    """Ids of what something on the page opens: accordions, tabs. It counts, folded or not."""
    names = ("aria-controls", "data-target", "data-bs-target")
    found: set[str] = set()
    for node in tree.css(", ".join(f"[{name}]" for name in names)):
        for name in names:
            found.update((node.attributes.get(name) or "").replace("#", " ").split())
    return frozenset(found)


class _Reader:
    """Gathers blocks from a walk."""

    def __init__(self, opened: frozenset[str], *, keep: bool) -> None:
        self.blocks: list[_Block] = []
        self.omitted: Counter[str] = Counter()
        self._opened = opened
        self._keep = keep
        self._buffer: list[tuple[str, bool]] = []
        self._rows: list[list[list[_Block]]] = []
        """Open table rows, innermost last: their cells' blocks."""
        self._inside: Counter[str] = Counter()
        """Open elements by tag."""
        self._level = 0

    def enter(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag in NEVER_TEXT or tag in FRAMES or self._left_out(node, tag):
            self.omitted.update({"frame": 0} if tag in FRAMES else {})
            return True
        if tag == "br":
            self._buffer.append(("\n", True))
        elif tag not in _INLINE:
            self._flush()
        if tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append([])
        elif tag in _HEADINGS or node.attributes.get("role") == "heading":
            self._level = _HEADINGS.get(tag) or 2
        self._inside[tag] += 1
        return False

    def text(self, text: str) -> None:
        shown = text if self._inside["pre"] else re.sub(r"\s+", " ", text)
        self._buffer.append((shown, bool(self._inside["b"] or self._inside["strong"]) or not shown.strip()))

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag not in _INLINE and tag != "br":
            self._flush()
        self._inside[tag] -= 1
        if tag == "tr" and self._rows:
            self._end_row(self._rows.pop())
        elif tag in _HEADINGS or node.attributes.get("role") == "heading":
            self._level = 0

    def _left_out(self, node: LexborNode, tag: str) -> bool:
        attributes = node.attributes
        role = attributes.get("role") or ""
        folded = attributes.get("id") in self._opened or role == "tabpanel"
        kind = "hidden" if is_hidden(node) and not folded else _LANDMARKS.get(role) or _LANDMARKS.get(tag, "")
        of_a_part = tag in ("header", "footer") and any(self._inside[t] > 0 for t in ("main", "article", "section"))
        if not kind or (kind != "hidden" and kind not in _NEVER_POLICY and (self._keep or of_a_part)):
            return False
        length = text_length(node)
        if length:
            self.omitted[kind] += length
        if tag not in _INLINE:
            self._flush()
        return True

    def _flush(self) -> None:
        """End the block that is being gathered."""
        buffer, self._buffer = self._buffer, []
        joined = "".join(text for text, _ in buffer)
        parts = [" ".join(part.split()) for part in _PARAGRAPH_BREAK.split(joined)]
        parts = [part for part in parts if part]
        level = self._level
        if not level and len(parts) == 1 and not (self._rows or self._inside["li"]):
            bold = all(bold for _, bold in buffer) and len(parts[0]) <= _LONGEST_BOLD_HEADING
            level = 6 if bold and parts[0][-1] not in ".;,!" else 0
        for part in parts:
            self._add(_Block(part, level))

    def _add(self, block: _Block) -> None:
        if not self._rows:
            self.blocks.append(block)
            return
        cells = self._rows[-1] or [[]]
        cells[-1].append(block)
        self._rows[-1] = cells

    def _end_row(self, cells: list[list[_Block]]) -> None:
        filled = [cell for cell in cells if cell]
        texts = [" ".join(block.text for block in cell) for cell in filled]
        plain = not any(block.level or block.row for cell in filled for block in cell)
        if len(filled) > 1 and plain and all(len(text) <= LONGEST_CELL for text in texts):
            self._add(_Block(" | ".join(texts), row=True))
            return
        for cell in filled:
            for block in cell:
                self._add(block)
