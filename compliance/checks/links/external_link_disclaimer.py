"""Stub."""

from collections.abc import Iterator
from typing import Any

from compliance.checks._check import Context, Parameters, Result, check
from compliance.model.observation import Aspect


class Stub(Parameters):
    """Stub."""


@check("external-link-disclaimer", parameters=Stub, reads=[Aspect.LINKS], scope="site")
def external_link_disclaimer(observations: Any, parameters: Stub, context: Context) -> Iterator[Result]:
    """Stub."""
    raise NotImplementedError
