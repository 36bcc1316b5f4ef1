"""A folder of lists: the user's, and in a run directory the copies of those that judge it.

For each list `<name>.json`, what is known about it, and beside it the file as it was received, called after the
beginning of its digest. The first is replaced whole, after the second is there: at any moment the folder holds the old
list or the new one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from compliance.errors import ListError
from compliance.knowledge.lists import Lists, NotAList, TrackerList, read
from compliance.model.lists import ListInfo, is_list_name
from compliance.store.codec import decode, encode


class ListFolder:
    """Lists in a folder, which need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> tuple[str, ...]:
        """Lists that are here, sorted."""
        found = (file.stem for file in self.path.glob("*.json")) if self.path.is_dir() else ()
        return tuple(sorted(name for name in found if is_list_name(name)))

    def info(self, name: str) -> ListInfo:
        """What is known about a list.

        Raises:
            ListError: There is none of that name, or what is known about it cannot be read.
        """
        file = self.path / f"{name}.json"
        try:
            found: ListInfo = decode(file.read_text("utf-8"), ListInfo)
            found.age(date.today())
        except FileNotFoundError as error:
            raise ListError(f"there is no list {name} in {self.path}", hint="see: compliance lists") from error
        except ValueError as error:
            raise ListError(f"{file}: damaged", hint=_AGAIN.format(name)) from error
        if found.name != name:
            raise ListError(f"{file}: damaged (it is about {found.name})", hint=_AGAIN.format(name))
        return found

    def text(self, name: str) -> str:
        """A list's file, after its digest was compared.

        Raises:
            ListError: There is none, or it is not the file that was installed.
        """
        info = self.info(name)
        file = self._file(info)
        try:
            content = file.read_bytes()
        except FileNotFoundError as error:
            raise ListError(f"{file}: missing", hint=_AGAIN.format(name)) from error
        if hashlib.sha256(content).hexdigest() != info.sha256:
            raise ListError(f"{file}: changed since it was installed", hint=_AGAIN.format(name))
        return content.decode("utf-8")

    def put(self, info: ListInfo, content: bytes) -> ListInfo:
        """Keep a list, in place of one of the same name.

        Raises:
            ListError: The folder cannot be written.
        """
        info = replace(info, sha256=hashlib.sha256(content).hexdigest())
        file = self._file(info)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            before = {other for other in self.path.glob(f"{info.name}.*.list") if other != file}
            _write(file, content)
            _write(self.path / f"{info.name}.json", encode(info, ListInfo))
            for other in before:
                other.unlink(missing_ok=True)
        except OSError as error:
            raise ListError(
                f"{self.path}: cannot be written ({error.strerror})", hint="name another folder with COMPLIANCE_DATA"
            ) from error
        return info

    def remove(self, name: str) -> None:
        """Delete a list.

        Raises:
            ListError: There is none of that name, or it cannot be deleted.
        """
        if name not in self.names():
            known = ", ".join(self.names()) or "none"
            raise ListError(f"there is no list {name} in {self.path}", hint=f"installed are: {known}")
        try:
            (self.path / f"{name}.json").unlink()
            for file in self.path.glob(f"{name}.*.list"):
                file.unlink(missing_ok=True)
        except OSError as error:
            raise ListError(f"{self.path}: {name} cannot be deleted ({error.strerror})") from error

    def copy_to(self, other: ListFolder, names: Iterable[str]) -> None:
        """Copy lists whole.

        Raises:
            ListError: One is missing or damaged, or the other folder cannot be written.
        """
        for name in names:
            other.put(self.info(name), self.text(name).encode())

    def lists(self, names: Iterable[str]) -> Lists:
        """Lists as values.

        Raises:
            ListError: One is missing or damaged.
        """
        return Lists({name: (self.info(name), _read(name, self.text(name))) for name in names})

    def _file(self, info: ListInfo) -> Path:
        return self.path / f"{info.name}.{info.sha256[:16]}.list"


_AGAIN = "take it again: compliance lists update --from FILE-OR-URL --name {}"


@lru_cache(maxsize=8)
def _read(name: str, text: str) -> TrackerList:
    try:
        return read(name, text)
    except NotAList as error:
        raise ListError(f"the list {name} cannot be used: {error}", hint=_AGAIN.format(name)) from error


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
