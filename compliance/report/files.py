"""The views of a run as files in its directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compliance.model.run import Run
from compliance.report.html import render
from compliance.report.run_json import dump
from compliance.store.rundir import REPORT, RUN_JSON, RunDirectory


@dataclass(frozen=True, slots=True)
class Views:
    """Where the views are."""

    report: Path
    run_json: Path


def write_views(path: Path, run: Run) -> Views:
    """Write `run.json` and `report.html` into the run directory at `path`; what was observed is not touched.

    Raises:
        StoreError: The directory is in use by another process, or is no run directory.
        OSError: It cannot be written.
    """
    with RunDirectory.open(path, write=True) as directory:
        # First what everything else can be made from again.
        run_json = directory.write(RUN_JSON, dump(run))
        return Views(directory.write(REPORT, render(run, directory.blob)), run_json)


def write_report(path: Path, run: Run) -> Path:
    """Write only `report.html`.

    Raises:
        StoreError: The directory is in use by another process, or is no run directory.
        OSError: It cannot be written.
    """
    with RunDirectory.open(path, write=True) as directory:
        return directory.write(REPORT, render(run, directory.blob))
