import pytest

from .benches import EXECUTABLE, Bench


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    if not EXECUTABLE:
        pytest.skip("no Chromium is installed")
    return Bench(tmp_path_factory.mktemp("journeys"))
