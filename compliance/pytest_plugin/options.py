"""What the plugin's options mean, settled once in the controlling process; workers read what came of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compliance.errors import SettingsError

if TYPE_CHECKING:
    from compliance.settings import Settings

#: Where xdist's workers find the folder that all processes of a session share.
SHARED = "compliance_shared"
_SPECS = pytest.StashKey[frozenset[Path]]()
_FOLDER = pytest.StashKey[Path]()


def settle(config: pytest.Config) -> None:
    """Make paths absolute: workers may stand in another folder.

    Raises:
        pytest.UsageError: `--observations` names no run directory, or `--repeat` nothing that can be made.
    """
    if config.option.compliance_repeat < 1:
        raise pytest.UsageError(f"--repeat {config.option.compliance_repeat}: a run is made once at least")
    base = config.invocation_params.dir
    if config.option.compliance_run_dir:
        config.option.compliance_run_dir = str(base / config.option.compliance_run_dir)
    wanted = config.option.compliance_observations
    if wanted not in ("fresh", "reuse"):
        path = base / wanted
        if not (path / "ledger.sqlite").is_file():
            raise pytest.UsageError(
                f"--observations {wanted}: not fresh, not reuse, and no run directory (no ledger.sqlite in it)"
            )
        if config.option.compliance_repeat > 1:
            raise pytest.UsageError(
                f"--repeat {config.option.compliance_repeat}: a stored run has the repetitions that it has; for more: "
                f"compliance resume {wanted} --repeat {config.option.compliance_repeat}"
            )
        config.option.compliance_observations = str(path)


def settings_of(config: pytest.Config) -> Settings:
    """Settings by this plugin's options, pytest-playwright's, the environment and pyproject.toml.

    Raises:
        pytest.UsageError: One of them is wrong.
    """
    from compliance.settings import load_settings  # noqa: PLC0415 - brings pydantic

    option = config.option
    try:
        settings = load_settings(
            config.rootpath,
            run_root=option.compliance_run_dir,
            resolve=tuple(option.compliance_resolve),
            ignore_tls=tuple(option.compliance_ignore_tls),
            # pytest-playwright's; absent under -p no:playwright.
            headed=getattr(option, "headed", None) or None,
            channel=getattr(option, "browser_channel", None),
        )
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from error
    return settings.model_copy(update={"run_root": config.rootpath / settings.run_root})


def protect_reports(config: pytest.Config) -> None:
    """pytest-playwright empties its `--output` folder before the first test: never the reports.

    Raises:
        pytest.UsageError: The folder is the reports' own, inside it, or above it.
    """
    output = getattr(config.option, "output", None)
    if not output or not config.pluginmanager.hasplugin("playwright"):
        return
    # As pytest-playwright resolves it: from the working directory.
    wiped, kept = Path(os.path.realpath(output)), Path(os.path.realpath(settings_of(config).run_root))
    if wiped == kept or wiped in kept.parents or kept in wiped.parents:
        raise pytest.UsageError(
            f"--output {output}: pytest-playwright deletes this folder before the first test, and stored runs are in "
            f"{kept}; choose another, as in --output test-results"
        )


def is_spec(path: Path, config: pytest.Config) -> bool:
    """Does `compliance_specs` name this file.

    Raises:
        pytest.UsageError: A pattern is not relative.
    """
    return path in spec_paths(config)


def spec_paths(config: pytest.Config) -> frozenset[Path]:
    """All files that `compliance_specs` names."""
    if _SPECS not in config.stash:
        found: set[Path] = set()
        for pattern in config.getini("compliance_specs"):
            try:
                found |= set(config.rootpath.glob(pattern))
            except (NotImplementedError, ValueError) as error:
                raise pytest.UsageError(
                    f"compliance_specs: {pattern!r} is no pattern relative to {config.rootpath}"
                ) from error
        config.stash[_SPECS] = frozenset(p for p in found if p.is_file())
    return config.stash[_SPECS]


def shared_folder(config: pytest.Config) -> Path:
    """A folder that all processes of this session share; the controlling one removes it at the end."""
    if _FOLDER not in config.stash:
        given = getattr(config, "workerinput", {}).get(SHARED)
        config.stash[_FOLDER] = Path(given) if given else Path(tempfile.mkdtemp(prefix="compliance-session-"))
    return config.stash[_FOLDER]


def made_folder(config: pytest.Config) -> Path | None:
    """That folder, if anybody needed it."""
    return config.stash.get(_FOLDER, None)


def shown(path: Path) -> Path:
    """`path` as a person writes it: relative to the working directory when it is below it."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
