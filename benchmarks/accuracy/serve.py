"""Serves one page of the table as the demo site is served: TLS on loopback, names by the browser's resolver."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from benchmarks.accuracy.table import PAGES
from compliance.demo.behaviour import MAIN_HOST, Behaviour
from compliance.demo.names import DemoNames
from compliance.demo.server import DemoServer
from compliance.demo.tls import PUBLIC_KEY
from compliance.demo.variants import Variant
from compliance.settings import Settings

SHARED = PAGES / "_shared"
URL = f"https://{MAIN_HOST}/"


@dataclass(frozen=True, slots=True)
class Served:
    """What the demo's handler asks of a variant: folders, hosts, rules."""

    layers: tuple[Path, ...]
    behaviour: Behaviour

    @property
    def hosts(self) -> frozenset[str]:
        """Virtual hosts that answer: those with files, and those that a rule is for."""
        folders = {f.name for layer in self.layers if layer.is_dir() for f in layer.iterdir() if f.is_dir()}
        rules = (*self.behaviour.redirect, *self.behaviour.status, *self.behaviour.cookie)
        return frozenset(folders | {rule.host for rule in rules if "*" not in rule.host})


def laid_out(folder: Path, further: Path | None = None) -> Served:
    """The page in `folder` over what all pages share.

    Raises:
        pydantic.ValidationError: Its `behaviour.toml` is wrong.
    """
    layers = (folder, *([further] if further else []), SHARED)
    return Served(layers, _behaviour(folder).over(_behaviour(SHARED)))


@contextmanager
def site(folder: Path, further: Path | None = None) -> Iterator[Settings]:
    """Serve the page in `folder`; what to give to an audit of `URL` while it is entered.

    Args:
        folder: Files at `<host>/<path>`, and `behaviour.toml` if there are rules.
        further: A second folder of files, for packages.
    """
    served = laid_out(folder, further)
    server = DemoServer(0, cast(Variant, served))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="accuracy pages", daemon=True)
    thread.start()
    real = sorted(host for host in served.hosts if not host.endswith(".test"))
    names = ("*.test", *real)
    try:
        with DemoNames({rule.name: rule.cname for rule in served.behaviour.dns}) as dns:
            yield Settings(
                resolve=tuple(f"{name}:127.0.0.1:{server.server_port}" for name in names),
                # Trusted, as a site's certificate is: without trust a browser keeps no cache and no service worker.
                ignore_tls=(*names, PUBLIC_KEY),
                dns=dns.address,
            )
    finally:
        server.close()
        thread.join()


def _behaviour(folder: Path) -> Behaviour:
    file = folder / "behaviour.toml"
    rules: dict[str, Any] = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    # What a page does is said in the table, in one place.
    return Behaviour.model_validate({"description": "A page of the accuracy table."} | rules)
