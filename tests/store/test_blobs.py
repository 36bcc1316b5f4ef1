"""Blobs are named by their content."""

import hashlib

from compliance.store.blobs import Blobs


def test_equal_content_is_kept_once(tmp_path):
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"picture")
    assert digest == hashlib.sha256(b"picture").hexdigest()
    assert blobs.put(b"picture") == digest
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [digest]
    assert blobs.get(digest) == b"picture"


def test_a_name_that_is_no_digest_opens_no_file(tmp_path):
    (tmp_path / "secret").write_text("x")
    blobs = Blobs(tmp_path / "blobs")
    assert blobs.get("../secret") is None
    assert blobs.get("0" * 64) is None
