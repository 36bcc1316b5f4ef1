"""Stored policy versions: one folder per version, readable by people, pinned by a digest.

```
policies/shop.example/2026-11-22/
  version.md      the text, one sentence per line, each with its number
  meta.toml       site, title, source, captured, digest, note
  snapshot.html   the page as received (`snapshot.txt` where no page was kept)
```

`version.md`:

```
# Privacy Policy

## [1] What we collect

[2] We collect your e-mail address.
[3] We keep it for 30 days.
```

A blank line ends a paragraph; a heading is a numbered sentence too, because it may
promise. Where a sentence ends may be corrected by hand (then the numbers are counted
anew), the words may not: the digest in `meta.toml` is that of the words.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from compliance.errors import PolicyError
from compliance.model.policy import PolicyVersion, Sentence, normalised

VERSION = "version.md"
META = "meta.toml"
_TEXT_KEYS = ("site", "title", "source", "digest", "note")
_NUMBERED = re.compile(r"(## )?\[(\d{1,7})\] (\S.*)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the policy (paragraph, list item, table row or heading), cut into sentences."""

    sentences: tuple[str, ...]
    heading: bool = False


def numbered(paragraphs: Iterable[Paragraph]) -> tuple[Sentence, ...]:
    """Sentences with number, paragraph and section; a heading belongs to the section that it opens."""
    result: list[Sentence] = []
    section = ""
    for at, paragraph in enumerate(paragraphs, start=1):
        if paragraph.heading:
            section = " ".join(paragraph.sentences)
        for text in paragraph.sentences:
            result.append(Sentence(len(result) + 1, text, section, at, paragraph.heading))
    return tuple(result)


def digest_of(sentences: Iterable[Sentence]) -> str:
    """SHA-256 of the normalised text: independent of case, quotes, spaces, and of where sentences are cut."""
    text = normalised(" ".join(s.text for s in sentences))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def write_version(folder: Path, version: PolicyVersion) -> None:
    """Write `version.md` and `meta.toml`; `read_version` gives the same version back.

    Raises:
        PolicyError: The version cannot be told in this format (numbers with gaps, a line break in a sentence).
    """
    if numbered(_paragraphs(version.sentences)) != version.sentences or not version.sentences:
        raise PolicyError(f"{folder}: the sentences of this version are not numbered as `numbered()` does")
    for name, text in (("title", version.title), *((f"sentence {s.number}", s.text) for s in version.sentences)):
        if not text or text != " ".join(text.split()):
            raise PolicyError(f"{folder}: {name} is empty or holds line breaks or double spaces: {text[:60]!r}")
    lines, last = [f"# {version.title}"], 0
    for s in version.sentences:
        lines += [""] * (s.paragraph != last)
        lines.append(f"{'## ' * s.heading}[{s.number}] {s.text}")
        last = s.paragraph
    meta = [f"{key} = {_toml_string(getattr(version, key))}" for key in _TEXT_KEYS]
    meta.insert(3, f"captured = {version.captured.isoformat()}")
    try:
        files = {name: ("\n".join(part) + "\n").encode() for name, part in ((VERSION, lines), (META, meta))}
    except UnicodeEncodeError as error:
        raise PolicyError(
            f"{folder}: the version holds characters that UTF-8 does not know ({error.reason})"
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def read_version(folder: Path) -> PolicyVersion:
    """The stored version in `folder`.

    Raises:
        PolicyError: A file is missing or malformed (with file and line), or the text is not the one that was captured.
    """
    meta_text = _read(folder / META)
    meta = _meta(folder / META, meta_text)
    title, paragraphs = _parse(folder / VERSION, _read(folder / VERSION))
    if title != meta["title"]:
        raise PolicyError(
            f"{folder / VERSION}:1: the title is {title!r}, {META} says {meta['title']!r}",
            hint="Make both the same; the title is the policy's own.",
        )
    sentences = numbered(paragraphs)
    digest = digest_of(sentences)
    if digest != meta["digest"]:
        raise PolicyError(
            f"{folder / META}:{_line_of(meta_text, 'digest')}: the text of {VERSION} was changed after it was captured "
            f"(its digest is {digest})",
            hint="A stored policy is evidence and is not edited by hand. Restore the file, or re-capture the policy "
            "(`compliance capture`) into a folder of its own.",
        )
    captured = meta["captured"]
    assert isinstance(captured, date)
    return PolicyVersion(
        path=str(folder),
        captured=captured,
        sentences=sentences,
        **{key: str(meta[key]) for key in _TEXT_KEYS},
    )


def _paragraphs(sentences: Sequence[Sentence]) -> list[Paragraph]:
    groups: dict[int, list[Sentence]] = {}
    for s in sentences:
        groups.setdefault(s.paragraph, []).append(s)
    return [Paragraph(tuple(s.text for s in group), group[0].heading) for group in groups.values()]


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error
    except OSError as error:
        raise PolicyError(
            f"{path}: cannot be read ({error.strerror})",
            hint=f"A stored policy version is a folder with {VERSION} and {META}; `compliance capture` makes one.",
        ) from error


def _parse(path: Path, text: str) -> tuple[str, list[Paragraph]]:
    """Title and paragraphs of `version.md`."""
    lines = text.split("\n")
    if not lines[0].startswith("# ") or not lines[0][2:].strip():
        raise PolicyError(f"{path}:1: the first line must be the title, as in `# Privacy Policy`")
    paragraphs: list[Paragraph] = []
    block: list[str] = []
    heading, count = False, 0
    for number, line in enumerate([*lines[1:], ""], start=2):
        if not line.strip():
            if block:
                paragraphs.append(Paragraph(tuple(block), heading))
            block = []
            continue
        match = _NUMBERED.fullmatch(line)
        if not match:
            raise PolicyError(
                f"{path}:{number}: neither a sentence `[n] text` nor a heading `## [n] text`: {line[:60]!r}"
            )
        count += 1
        if int(match[2]) != count:
            raise PolicyError(f"{path}:{number}: sentence number {match[2]}, expected {count}; numbers count from 1")
        if block and heading != bool(match[1]):
            raise PolicyError(f"{path}:{number}: a heading needs a blank line before and after it")
        heading = bool(match[1])
        block.append(match[3])
    if not paragraphs:
        raise PolicyError(f"{path}:1: the version holds no sentence")
    return lines[0][2:].strip(), paragraphs


def _meta(path: Path, text: str) -> dict[str, object]:
    try:
        meta: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise PolicyError(f"{path}:{line[1] if line else 1}: {error}") from error
    expected = {*_TEXT_KEYS, "captured"}
    for key in meta:
        if key not in expected:
            raise PolicyError(
                f"{path}:{_line_of(text, key)}: unknown key {key!r}; expected {', '.join(sorted(expected))}"
            )
    meta = {"note": "", **meta}
    for key in sorted(expected - set(meta)):
        raise PolicyError(f"{path}:1: key {key!r} is missing")
    for key in _TEXT_KEYS:
        if not isinstance(meta[key], str):
            raise PolicyError(f"{path}:{_line_of(text, key)}: {key} must be a string")
    if not isinstance(meta["captured"], date) or isinstance(meta["captured"], datetime):
        raise PolicyError(f"{path}:{_line_of(text, 'captured')}: captured must be a date, as in 2026-11-22")
    return meta


def _line_of(text: str, key: str) -> int:
    found = re.search(rf"^\s*[\"']?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1


def _toml_string(text: str) -> str:
    """A TOML basic string; JSON's escapes are among TOML's, which forbids a raw DEL besides."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
