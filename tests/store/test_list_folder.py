"""A folder of lists: whole or not at all, and never another file than the one that was installed."""

import hashlib

import pytest

from compliance.errors import ListError
from compliance.model.lists import ListInfo
from compliance.store.lists import ListFolder


def info(name="mine", **fields):
    defaults = {"purpose": "p", "licence": "", "source": "/tmp/x", "version": "1", "date": "2026-11-22"}
    return ListInfo(name=name, **(defaults | {"sha256": "", "entries": 1, "origin": "installed"} | fields))


@pytest.fixture
def folder(tmp_path):
    return ListFolder(tmp_path / "data" / "lists")


def test_a_list_is_kept_replaced_and_removed(folder):
    assert folder.names() == ()
    kept = folder.put(info(), b"a.test\n")
    assert kept.sha256 == hashlib.sha256(b"a.test\n").hexdigest()
    assert (folder.names(), folder.info("mine"), folder.text("mine")) == (("mine",), kept, "a.test\n")
    folder.put(info(version="2"), b"b.test\n")
    folder.put(info("mine-too"), b"c.test\n")
    assert (folder.text("mine"), folder.info("mine").version) == ("b.test\n", "2")
    assert len(list(folder.path.iterdir())) == 4, "nothing is left of the state before"
    folder.remove("mine")
    assert folder.names() == ("mine-too",)
    assert folder.text("mine-too") == "c.test\n"


def test_an_update_that_fails_leaves_the_old_list(folder, monkeypatch):
    folder.put(info(), b"a.test\n")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ListError, match="No space left"):
        folder.put(info(version="2"), b"b.test\n")
    assert (folder.text("mine"), folder.info("mine").version) == ("a.test\n", "1")
    assert len(list(folder.path.iterdir())) == 2


@pytest.mark.parametrize("damage", ["text", "gone", "json", "date", "other"])
def test_a_damaged_list_is_refused(folder, damage):
    folder.put(info(), b"a.test\n")
    file = next(folder.path.glob("*.list"))
    match damage:
        case "text":
            file.write_text("b.test\n")
        case "gone":
            file.unlink()
        case "json":
            (folder.path / "mine.json").write_text("{")
        case "date":
            about = folder.path / "mine.json"
            about.write_text(about.read_text().replace("2026-11-22", "yesterday"))
        case "other":
            folder.put(info("other"), b"x.test\n")
            (folder.path / "mine.json").write_text((folder.path / "other.json").read_text())
    with pytest.raises(ListError, match="mine"):
        folder.text("mine")
    with pytest.raises(ListError):
        folder.lists(["mine"])


def test_what_is_not_there(folder):
    for call in (folder.info, folder.text, folder.remove):
        with pytest.raises(ListError, match="there is no list nope"):
            call("nope")


def test_a_copy_is_the_same_whatever_becomes_of_the_first(folder, tmp_path):
    folder.put(info(), b"a.test\n")
    copy = ListFolder(tmp_path / "run")
    folder.copy_to(copy, ["mine"])
    folder.put(info(version="2"), b"b.test\n")
    assert copy.text("mine") == "a.test\n"
    asked = copy.lists(["mine"]).matcher(frozenset({"mine"}))
    assert asked.ask("https://a.test/", source="x.test", page="https://x.test/", kind="image").line == 1


def test_a_file_that_is_no_list_any_more_is_refused(folder):
    folder.put(info(), b"<html>")
    with pytest.raises(ListError, match="cannot be used"):
        folder.lists(["mine"])
