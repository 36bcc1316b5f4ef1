"""What keeps a text from being YAML, said to somebody who does not know YAML's grammar."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import yaml

from compliance.errors import SpecError
from compliance.model.location import SourceLocation

#: Characters that no spec needs. The Unicode line separators end a line in YAML 1.1 and not in 1.2 (nor in most
#: editors), so line numbers would lie.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_OUTSIDE = re.compile(f"{_FORBIDDEN.pattern}|\ufeff|^ *\t", re.MULTILINE)

_COLON = 'a text that holds ": " needs quotes around it'
_INDENT = "lines of one level begin in the same column; compare with the lines above"
_FLOW = "close it and put commas between the items; a text that begins with [ or { needs quotes"

#: Words of the parser's message (libyaml's, then PyYAML's own) → what is said, and the hint.
_KNOWN: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "a colon where no key can stand", f"{_COLON}; or the indentation is wrong"),
    ("sequence entries are not allowed", "a list item `- ` where no list can stand", "begin the list on the next line"),
    ("unknown escape", "an unknown escape in a quoted text", "inside \"…\" write \\\\ for \\, or use '…'"),
    ("escape code", "an impossible escape in a quoted text", "write the character itself"),
    ("double-quoted scalar", "a broken escape in a quoted text", "inside \"…\" write \\\\ for \\, or use '…'"),
    ("quoted scalar", "a quoted text is not closed", "close the quote; a quote inside '…' is written twice"),
    ("simple key", "this line has no `key: value`", "add the colon, or indent the line if it continues a text"),
    ("flow sequence", "a list in [ ] is broken or not closed", _FLOW),
    ("flow mapping", "a mapping in { } is broken or not closed", _FLOW),
    ("anchor", "& begins an anchor and no name follows", "a text that begins with & needs quotes"),
    ("alias", "* begins an alias and no name follows", 'a text that begins with * needs quotes: "*.example.org"'),
    ("tag", "tags (!) are not allowed", "a text that begins with ! needs quotes"),
    ("directive", "directives (%) are not read", "delete the line; a text that begins with % needs quotes"),
    ("YAML document", "directives (%YAML) are not read", "delete the line"),
    ("block scalar", "text stands behind | or >", "write | or > alone, and the text indented below it"),
    ("cannot start any token", "a text cannot begin with this character", "put the text in quotes"),
    ("node content", "a value is missing, or a bracket closes nothing", "write the value, or put it in quotes"),
    ("block mapping", "this line does not fit the lines above it", _INDENT),
    ("block collection", "this line does not fit the list above it", f"{_INDENT}; items of a list begin with `- `"),
    ("<document start>", "this line does not fit the lines above it", _INDENT),
)


def cleaned(text: str) -> str:
    """The text without the characters that no spec may hold."""
    return _FORBIDDEN.sub("", text)


def unreadable_characters(text: str, *, inside: bool = False) -> Iterator[tuple[int, int, str, str]]:
    """Line, column, message and hint of each character that a spec may not hold.

    Args:
        text: A file's text, or with `inside` one value of it.
        inside: Tabs are welcome, and so is the mark U+FEFF.
    """
    for match in (_FORBIDDEN if inside else _FORBIDDEN_OUTSIDE).finditer(text):
        at = match.end() - 1
        line = text.count("\n", 0, at) + 1
        column = at - (text.rfind("\n", 0, at) + 1) + 1
        character = text[at]
        if character == "\t":
            yield line, column, "a tab in the indentation", "indent with spaces"
        elif character == "\ufeff":
            yield line, column, "a byte order mark (U+FEFF)", "save the file as UTF-8 without BOM"
        else:
            name = unicodedata.name(character, "control character")
            yield line, column, f"{name} (U+{ord(character):04X})", "delete it; editors show it as a box or not at all"


def explain_syntax(error: yaml.YAMLError, text: str, path: str) -> SpecError:
    """One syntax error, at the place where a person would mend it."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return SpecError(f"this is not YAML ({error})", SourceLocation(path), hint="save the file as UTF-8 text")
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return SpecError(f"this is not YAML ({error.problem})", SourceLocation(path), hint="compare with an example")
    said = f"{error.context or ''}: {error.problem or ''}"
    opened = error.context_mark
    if opened and opened.line < mark.line and re.search("quoted scalar|flow|simple key", said):
        # Noticed lines below; what has to be mended is where it opens.
        mark = opened
    elif opened and re.search("end of stream|stream end|an alias|an anchor|a tag|a directive", said):
        mark = opened
    place = SourceLocation(path, mark.line + 1, mark.column + 1)
    before = text.splitlines()[mark.line][: mark.column] if mark.line < len(text.splitlines()) else ""
    if "block mapping" in said and before.strip(" -"):
        hint = "put the whole text in quotes: 'We \"never\" sell data'"
        return SpecError("something follows the end of a value", place, hint=hint)
    for words, message, hint in _KNOWN:
        if words in said:
            return SpecError(message, place, hint=hint)
    return SpecError(f"this is not YAML ({error.problem})", place, hint="look at this line and the one above")
