"""Published scripts that pages of the table load: fetched by npm, compared with their digest, laid out by host.

npm is asked for exactly the packages that the table names, at whatever registry it is configured for. They lie in a
cache outside the repository (`COMPLIANCE_BENCH_CACHE`, or `compliance-bench` in the system's temporary folder).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from benchmarks.accuracy.table import Package, Page

_SECONDS = 120


class NotAvailable(Exception):
    """A package could not be had; its rows are not run."""


def cache() -> Path:
    """Where packages lie."""
    return Path(os.environ.get("COMPLIANCE_BENCH_CACHE") or Path(tempfile.gettempdir()) / "compliance-bench")


def served(page: Page, *, fetch: bool) -> Path:
    """Folder with the files of the page's packages, at `<host>/<path>`.

    Args:
        page: A row of the table.
        fetch: Ask npm for what is not in the cache.

    Raises:
        NotAvailable: A package is not there, or is not the one that the table means.
    """
    made = cache() / "served" / page.page
    shutil.rmtree(made, ignore_errors=True)
    for package in page.packages:
        with tarfile.open(_archive(package, fetch=fetch)) as archive:
            for place, name in package.files.items():
                try:
                    content = archive.extractfile(f"package/{name}")
                except KeyError:
                    content = None
                if content is None:
                    raise NotAvailable(f"{package.name} holds no file {name}")
                target = made / place
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
    return made


def _archive(package: Package, *, fetch: bool) -> Path:
    kept = cache() / f"{package.sha256}.tgz"
    if kept.is_file() and _digest(kept) == package.sha256:
        return kept
    if not fetch:
        raise NotAvailable(f"{package.name} is not in the cache {cache()}")
    npm = shutil.which("npm")
    if npm is None:
        raise NotAvailable("npm, which fetches the packages, is not installed")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", "--ignore-scripts", package.name]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise NotAvailable(f"npm gave no {package.name} within {_SECONDS} seconds") from None
        files = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(files) != 1:
            said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise NotAvailable(f"npm could not fetch {package.name}: {said}")
        found = _digest(files[0])
        if found != package.sha256:
            raise NotAvailable(f"{package.name} has the digest {found}, and the table means another")
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[0], kept)
    return kept


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
