"""Fixtures for a project's own tests, and the one through which promises are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from compliance.pytest_plugin.audits import Audits
    from compliance.settings import Settings
    from compliance.store.rundir import RecordedObservations


@pytest.fixture(scope="session")
def compliance_settings(pytestconfig: pytest.Config) -> Settings:
    """Browser, resolver overrides and certificates of the audit; override it in a conftest.py to change them."""
    from compliance.pytest_plugin.options import settings_of  # noqa: PLC0415

    return settings_of(pytestconfig)


@pytest.fixture(scope="session")
def compliance_audits(request: pytest.FixtureRequest, compliance_settings: Settings) -> Iterator[Audits]:
    """What was observed for each spec of this session; every site is crawled once, whoever asks first."""
    from compliance.pytest_plugin.audits import Audits  # noqa: PLC0415

    with Audits(request.config, compliance_settings, _spec_files(request.session)) as audits:
        yield audits


@pytest.fixture(scope="session")
def observations_of(compliance_audits: Audits) -> Callable[[str | Path], RecordedObservations]:
    """`observations_of("specs/shop.yaml")`: what was observed for a spec, crawling its site if nobody has."""
    return compliance_audits.observations


@pytest.fixture(scope="session")
def observations(compliance_audits: Audits) -> RecordedObservations:
    """What was observed for the one spec of this session; with several, use `observations_of`."""
    return compliance_audits.observations(compliance_audits.only_spec())


def _spec_files(session: pytest.Session) -> frozenset[Path]:
    """The specs of the collected items, and those that `compliance_specs` names when there are none."""
    from compliance.pytest_plugin.options import spec_paths  # noqa: PLC0415

    collected = frozenset(item.path for item in session.items if hasattr(item, "attach_verdict"))
    return collected or spec_paths(session.config)
