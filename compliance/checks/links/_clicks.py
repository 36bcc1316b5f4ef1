"""What clicks on external links did, judged as leave pages and dialogs."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.checks._check import Doubt, Note, Result
from compliance.checks.links._external import Address, Addresses, finding, tolerated
from compliance.knowledge.parties import names_host
from compliance.model.trials import LinkProbe
from compliance.model.urls import url_key
from compliance.model.verdict import Evidence, Reason
from compliance.model.visit import recorded

_STOPPED = frozenset({"dialog", "same_site_page"})


def judge_clicks(probes: tuple[LinkProbe, ...] | None, found: Addresses, reading: str) -> Iterator[Result]:
    """Findings for addresses that a click left for at once, or whose notice does not name them.

    Raises:
        NotRecorded: No click was tried.
    """
    tried = {url_key(probe.href): probe for probe in recorded(probes, "link_probes")}
    untried = 0
    broken: list[tuple[Address, LinkProbe, str]] = []
    for key, one in found.known.items():
        probe = tried.get(key)
        if probe is None:
            untried += 1
        elif probe.result == "left":
            broken.append((one, probe, "is followed at once, without a page or dialog between"))
        elif probe.result not in _STOPPED:
            yield Doubt(Reason.INSTRUMENT, f"a click on the link to {one.href} could not be tried ({probe.result})")
        elif not names_host(probe.notice, one.href):
            if reading == "reasonable":
                yield Note(f"The notice before {one.href} does not name where it leads.")
            else:
                broken.append((one, probe, "shows a notice that does not name where it leads"))
    if untried:
        yield Doubt(Reason.COVERAGE, f"{untried} of {len(found.known)} external addresses were not clicked")
    if tolerated(reading, len(broken), len(found.known)):
        yield Note(f"{len(broken)} of {len(found.known)} external addresses have no notice: within the 5 % allowed.")
        return
    for one, probe, what in broken:
        evidence = Evidence(probe.id, "link_probes", one.href[:300], probe.notice[:200], probe.screenshot)
        yield finding(one, what, "no-interstitial", page=probe.page, evidence=evidence)
