"""May an address be visited: whose is it, do the patterns allow it, would opening it act, is it a trap."""

from __future__ import annotations

import re
from collections import Counter
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

import re2

from compliance.crawl.plan import CrawlPlan
from compliance.knowledge.destructive import destructive
from compliance.model.observation import Skipped
from compliance.model.urls import host_of, origin_of, registrable_domain, site_of, url_key
from compliance.model.visit import VisitOutcome

MAX_URL = 8192
#: Addresses of one shape: more are a calendar, a facet search or session ids, not pages.
MAX_PER_PATH_SHAPE = 2000
MAX_PER_QUERY_SHAPE = 100
MAX_SEGMENTS = 20

#: Names that only some network's inside knows (RFC 6761, RFC 6762, RFC 8375, and what routers and clouds use).
_INSIDE = (".local", ".localhost", ".internal", ".lan", ".home", ".home.arpa", ".intranet", ".corp", ".private")

#: What differs between two addresses of one shape: numbers, tokens, and what hangs on a path segment.
_VARIES = re.compile(r";[^/]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|\d+", re.IGNORECASE)
_FILES = re.compile(
    r"\.(zip|gz|tgz|bz2|xz|7z|rar|tar|exe|msi|dmg|deb|rpm|iso|mp4|webm|mov|avi|mp3|ogg|wav|flac|jpe?g|png|gif|webp|avif|"
    r"svg|ico|css|js|mjs|woff2?|ttf|eot|otf|apk|jar|bin|whl)$",
    re.IGNORECASE,
)


def _glob(pattern: str) -> re2.Pattern:
    """`*` stands for anything; a pattern that begins with `/` speaks of path and query."""
    return re2.compile("^" + ".*".join(re2.escape(part) for part in pattern.split("*")) + "$")


class Scope:
    """Decides about addresses; remembers how many of each shape were let in."""

    def __init__(self, plan: CrawlPlan) -> None:
        self._strategy = plan.scope.strategy
        self._start = plan.site.url
        self._include = [(p.startswith("/"), _glob(p)) for p in plan.scope.include]
        self._exclude = [(p.startswith("/"), p, _glob(p)) for p in plan.scope.exclude]
        self._depth = plan.scope.depth
        self._always = {url_key(u) for u in (plan.site.policy_url,) if u}
        self._shapes: Counter[str] = Counter()
        self._counted: set[int] = set()
        """Hashes of the addresses in `_shapes`: a link on every page is one address."""

    def on_site(self, url: str) -> bool:
        """Is `url` a page of the site at all; what is not is a link to somebody else, not a skipped page."""
        if not origin_of(url).startswith(("http://", "https://")):
            return False
        if url_key(url) in self._always:
            return True
        host, start = host_of(url), host_of(self._start)
        if self._strategy == "same-origin":
            return origin_of(url) == origin_of(self._start)
        if self._strategy == "same-hostname":
            return host == start
        if registrable_domain(start) == start and "." not in start.replace("localhost", ""):
            return origin_of(url) == origin_of(self._start)
        if start.replace(".", "").isdigit() or ":" in start:
            # On a bare address the port is what tells two sites apart.
            return origin_of(url) == origin_of(self._start)
        return site_of(url) == site_of(self._start)

    def passable(self, url: str) -> bool:
        """May `url`, which is not of the site, be gone through: a host with a name of its own, and nothing that acts.

        A site must not send the auditor's browser to machines of a network's inside.
        """
        host = host_of(url)
        if not url.startswith(("http://", "https://")) or destructive(url):
            return False
        try:
            return ip_address(host.strip("[]")).is_global
        except ValueError:
            return "." in host.strip(".") and not host.endswith(_INSIDE)

    def refuse(self, url: str, *, text: str = "", rel: str = "", depth: int = 0, found_on: str = "") -> Skipped | None:
        """Why a page of the site is not visited; None when it may be."""

        def no(reason: VisitOutcome, detail: str) -> Skipped:
            return Skipped(url[:MAX_URL], reason.value, detail, found_on)

        if url_key(url) in self._always:
            return None
        if len(url) > MAX_URL:
            return no(VisitOutcome.SKIPPED, f"longer than {MAX_URL} characters")
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        for path_only, pattern, compiled in self._exclude:
            if compiled.search(target if path_only else url):
                return no(VisitOutcome.SKIPPED, f"excluded by {pattern}")
        if self._include and not any(c.search(target if path_only else url) for path_only, c in self._include):
            return no(VisitOutcome.SKIPPED, "matches no pattern of include")
        word = destructive(url, text, rel)
        if word:
            return no(VisitOutcome.BLOCKED_DESTRUCTIVE, f"opening it would act: {word}")
        if depth > self._depth:
            return no(VisitOutcome.SKIPPED, f"more than {self._depth} clicks away")
        if _FILES.search(parts.path):
            return no(VisitOutcome.SKIPPED, "a file, not a page")
        trap = self._trap(url, parts.path, parts.query)
        return no(VisitOutcome.TRAP_CAP, trap) if trap else None

    def _trap(self, url: str, path: str, query: str) -> str:
        segments = [s for s in path.split("/") if s]
        if len(segments) > MAX_SEGMENTS:
            return f"more than {MAX_SEGMENTS} path segments"
        repeated = Counter(segments).most_common(1)
        if repeated and repeated[0][1] > 3 and len(repeated[0][0]) > 1:
            return f"the path repeats {repeated[0][0]}"
        key = hash(url_key(url))
        if key in self._counted:
            return ""
        origin = origin_of(url)
        shape = origin + _VARIES.sub("#", path)
        cap = MAX_PER_PATH_SHAPE
        if query:
            shape += "?" + "&".join(sorted(name for name, _ in parse_qsl(query, keep_blank_values=True)))
            cap = MAX_PER_QUERY_SHAPE
        if self._shapes[shape] >= cap:
            return f"more than {cap} addresses of the shape {shape.removeprefix(origin)}"
        self._shapes[shape] += 1
        self._counted.add(key)
        return ""
