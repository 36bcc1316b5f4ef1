"""Stub."""

from collections.abc import Iterator
from typing import Any

from compliance.checks._check import Context, Parameters, Result, check
from compliance.model.observation import Aspect


class Stub(Parameters):
    """Stub."""


@check("contact-reachable", parameters=Stub, reads=[Aspect.LINKS], scope="site")
def contact_reachable(observations: Any, parameters: Stub, context: Context) -> Iterator[Result]:
    """Stub."""
    raise NotImplementedError
