"""What will be observed: the union of what a spec's checks declare, and nothing else."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from compliance.checks import registry
from compliance.crawl.fetch import where
from compliance.errors import SettingsError
from compliance.model.observation import Site
from compliance.model.spec import ScopeSpec, Spec, VisitorSpec
from compliance.model.urls import host_of, origin_of, site_of
from compliance.model.visit import Aspect, Session
from compliance.settings import Settings
from compliance.specfile.loader import LoadedSpec

#: Always recorded: the crawl follows links, and a verdict needs the policy's live text.
ALWAYS = frozenset({Aspect.LINKS})
#: Seconds between two page loads on a site that is not on this machine.
POLITE_DELAY = 1.0
#: Seconds a page with scripts not met before is watched after it has loaded.
DWELL = 3.0


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """Who visits what, and what is recorded."""

    site: Site
    scope: ScopeSpec
    visitors: tuple[VisitorSpec, ...]
    aspects: frozenset[Aspect]
    sessions: tuple[Session, ...]
    """FIRST, and the others that some check declares."""
    seeds: tuple[str, ...]
    delay: float
    dwell: float
    resolve: tuple[str, ...]
    ignore_tls: tuple[str, ...]


def make_plan(loaded: LoadedSpec, settings: Settings, *, site: str | None = None, dwell: float = DWELL) -> CrawlPlan:
    """Plan the observation of one spec.

    Args:
        loaded: The spec.
        settings: Resolver overrides, certificates not verified.
        site: Address that replaces the spec's, to judge a staging or local build by the production policy.
        dwell: Seconds that a page with unknown scripts is watched after loading.

    Raises:
        SettingsError: `site` or a `resolve` entry is not of its form.
    """
    spec = loaded.spec
    start = site or spec.site.url
    if not origin_of(start).startswith(("http://", "https://")):
        raise SettingsError(
            f"--site {start}: not an http(s) address", hint="give it as in https://staging.example.org/"
        )
    for entry in settings.resolve:
        if not entry.partition(":")[2]:
            raise SettingsError(f"--resolve {entry}: needs an address", hint="as in --resolve shop.test:127.0.0.1:8443")
    if not urlsplit(start).path:
        start = urlunsplit(urlsplit(start)._replace(path="/"))
    uses = [registry()[check] for promise in spec.promises for check in promise.checks]
    further = [parameters.also_reads() for parameters in loaded.parameters.values()]
    aspects = ALWAYS.union(*(use.reads for use in uses), *further)
    sessions = frozenset({Session.FIRST}).union(*(use.sessions for use in uses))
    return CrawlPlan(
        site=Site(
            url=start,
            name=spec.site.name,
            first_party=frozenset({site_of(start), site_of(spec.site.url), *map(_domain, spec.site.first_party)}),
            processors={_domain(d): why for d, why in spec.site.processors.items()},
            policy_url=_moved(spec.policy.url, spec.site.url, start),
        ),
        scope=spec.scope,
        visitors=tuple(spec.visitors),
        aspects=aspects,
        sessions=tuple(s for s in Session if s in sessions),
        seeds=_seeds(spec, start),
        delay=_delay(spec.scope.delay, start, settings.resolve),
        dwell=dwell,
        resolve=settings.resolve,
        ignore_tls=settings.ignore_tls,
    )


def _domain(name: str) -> str:
    return site_of(f"https://{name}")


def _seeds(spec: Spec, start: str) -> tuple[str, ...]:
    """Where the crawl starts: at the site's address, which may have a path, unless the spec says otherwise."""
    if "seeds" not in spec.scope.model_fields_set:
        return (start,)
    return tuple(dict.fromkeys(_moved(seed, spec.site.url, start) for seed in spec.scope.seeds))


def _moved(address: str | None, declared: str, start: str) -> str:
    """`address` of the spec on the site under audit: paths and same-origin addresses move along with `--site`."""
    if not address:
        return ""
    url = urljoin(declared, address)
    if origin_of(url) != origin_of(declared):
        return url
    there, here = urlsplit(url), urlsplit(start)
    return urlunsplit((here.scheme, here.netloc, there.path or "/", there.query, there.fragment))


def _delay(declared: float | None, start: str, resolve: tuple[str, ...]) -> float:
    if declared is not None:
        return declared
    return 0.0 if _is_this_machine(host_of(start), resolve) else POLITE_DELAY


def _is_this_machine(host: str, resolve: tuple[str, ...]) -> bool:
    host, _ = where(host, 0, resolve)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
