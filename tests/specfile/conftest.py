"""Two checks and a small policy, so that these tests do not change with the real ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from compliance.checks import Check, Context, Parameters, Result, check
from compliance.model.spec import Duration
from compliance.model.visit import Aspect
from compliance.specfile import binding

DATA = Path(__file__).parents[1] / "data" / "bad_specs"

GOOD = """\
version: 1
site:
  name: Shop
  url: https://shop.test/
policy:
  path: policy
  url: /privacy
promises:
  - id: no-sale
    quote: We do not sell your data.
    category: third-party-sharing-collection
    checks:
      third-party-requests:
        allow: [pay.test]
  - id: short-memory
    quote:
      - We keep your e-mail address for 30 days.
      - We use cookies only to
        remember your basket.
    category: data-retention
    checks:
      cookie-lifetime: {longest: 30 days}
      third-party-requests:
not_promised:
  - quote: What we do
    because: A heading.
  - quote: Contact
    because: A heading.
  - quote: Write to us at privacy@shop.test, where somebody reads every contact request.
    because: An address.
"""


class Requests(Parameters):
    """Parameters of a check without required ones."""

    allow: frozenset[str] = frozenset()


class Lifetime(Parameters):
    """Parameters with a required one."""

    longest: Duration
    strict: bool = False
    from_: str = Field("", alias="from", description="A name that Python cannot use.")


def _run(observations: Any, parameters: Any, context: Context) -> Iterator[Result]:
    """Only named parties are contacted."""
    yield from ()


CHECKS: dict[str, Check[Any]] = {
    "cookie-lifetime": check("cookie-lifetime", parameters=Lifetime, reads=[Aspect.COOKIES], scope="site")(_run),
    "third-party-requests": check("third-party-requests", parameters=Requests, reads=[Aspect.REQUESTS], scope="site")(
        _run
    ),
}


@pytest.fixture(autouse=True)
def _checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binding, "registry", lambda: CHECKS)


@pytest.fixture
def write(tmp_path: Path):
    """Write a spec beside a copy of the small policy."""
    (tmp_path / "policy").symlink_to(DATA / "policy")

    def writer(text: str | bytes, name: str = "shop.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return writer
