"""Before visitors leave for another site, they are told that it is another.

## What it checks
Links (`<a>`, `<area>`) to other registrable domains than the site's, in its pages and in frames of its own, and
the notice that `form` names:

* `policy-clause`: the policy says that the site does not answer for other sites, and every page with such links
  has a visible link to the policy
* `page-notice`: every page with such links says so itself
* `link-marking`: every such link is marked, in its name, title or description ("(external)", an arrow)
* `adjacent-notice`: the notice stands in the block around the link
* `interstitial`: a click opens a page or a dialog of the site first that names the destination

## How it decides
A clause is recognised by two groups of words that stand together: other sites ("links to other sites"), and no
responsibility for them, or rules of their own; in English, German, French, Spanish, Italian, Dutch and Portuguese.
`clause` gives the wording instead; it may differ in spelling, not in a word that matters.

* no clause in the live policy: a finding; a policy page that was not seen: inconclusive
* a page, or an address, without the notice: a finding. Reading `reasonable` lets 5 % of them pass
* links that nobody sees (closed menus): without notice inconclusive
* `interstitial`: a notice that does not name the destination is a finding, in the reasonable reading a note
* `mailto:`, `tel:` and `javascript:` are no such links. Links that share a page are counted in a note
* no external links: inapplicable

## Why it matters
Once somebody has followed a link, another policy holds, or none. The United States' OMB M-10-23 wants a statement
beside the link or a pop-up; M-23-22 keeps the duty to identify external links.

## Limits
Forms that post to another site and scripts that navigate are not links here. An icon without an accessible name
is no mark. `rel` attributes mean nothing to a visitor. The policy is read as it is live: whether it still has the
quoted wording is the matter of `policy-unchanged`, not of this check.

## References
* OMB M-10-23 (25 June 2010), External Links; OMB M-23-22 (22 September 2023)
* OWASP ASVS 5.0, 3.7.3: a notice before leaving the application's control

## Example
```yaml
checks:
  external-link-disclaimer:
    form: policy-clause
    reading: strict
    exempt: [partner.example.org]
```
The demo sites `broken/external-link-disclaimer/*` break it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Examined, Note, Parameters, Result, check
from compliance.checks._pages import holes
from compliance.checks.links._clause import clause_in, clause_of_policy
from compliance.checks.links._clicks import judge_clicks
from compliance.checks.links._external import Addresses, outward, silent_page, tolerated
from compliance.checks.links._to_policy import LinksToPolicy
from compliance.knowledge.clauses import is_notice, mark_of
from compliance.knowledge.parties import Domains
from compliance.model.content import Link
from compliance.model.observation import Observations
from compliance.model.verdict import Finding
from compliance.model.visit import Aspect, Session, VisitOutcome

_TELLS: dict[str, Callable[[Link], bool]] = {
    "link-marking": lambda link: bool(mark_of(link.text, link.title, link.description)),
    "adjacent-notice": lambda link: is_notice(link.context),
}
_LACKS = {"link-marking": "is not marked as external", "adjacent-notice": "has no notice beside it"}
_CAUSES = {
    "policy-clause": "policy-not-reachable",
    "page-notice": "no-page-notice",
    "link-marking": "unmarked",
    "adjacent-notice": "no-notice-beside",
}


class ExternalLinkDisclaimer(Parameters):
    """Parameters of `external-link-disclaimer`."""

    form: Literal["policy-clause", "page-notice", "link-marking", "adjacent-notice", "interstitial"] = Field(
        "policy-clause", description="How visitors are told, as the policy promises it."
    )
    reading: Literal["strict", "reasonable"] = Field(
        "strict", description="strict: on every page, at every link. reasonable: on 95 % of them."
    )
    clause: str | None = Field(
        None, pattern=r"[^\W_]", description="Wording of the clause or page notice; left out, words decide."
    )
    exempt: Domains = Field(frozenset(), description="Domains that need no notice, though they are not the site's.")

    def also_reads(self) -> frozenset[Aspect]:
        """The text of every page for a page notice, clicks for an interstitial."""
        return {
            "page-notice": frozenset({Aspect.TEXT}),
            "interstitial": frozenset({Aspect.LINK_PROBES}),
        }.get(self.form, frozenset())


@check(
    "external-link-disclaimer",
    parameters=ExternalLinkDisclaimer,
    reads=[Aspect.LINKS],
    scope="site",
    counts="external links",
    pinned=False,
)
def external_link_disclaimer(
    observations: Observations, parameters: ExternalLinkDisclaimer, context: Context
) -> Iterator[Result]:
    """Visitors are told that links to other sites lead to other sites."""
    form, found = parameters.form, Addresses()
    aspects = [Aspect.LINKS, Aspect.TEXT] if form == "page-notice" else [Aspect.LINKS]
    policy = LinksToPolicy(observations, context) if form == "policy-clause" else None
    silent: list[Finding] = []
    pages = 0
    for visit in observations.visits(visitor=context.visitor, session=Session.FIRST, aspects=frozenset(aspects)):
        if visit.outcome is not VisitOutcome.OK or not context.site.is_first_party(visit.page):
            continue
        yield from holes(visit, *aspects)
        links, shares = outward(visit, context.site, parameters.exempt)
        found.add(visit, links, shares, _TELLS.get(form, lambda _: False))
        lacking: str | Doubt = ""
        if links and policy:
            lacking = policy.lacking(visit)
        elif links and form == "page-notice" and visit.text is not None:
            notice = clause_in(visit, parameters.clause)
            lacking = notice if isinstance(notice, Doubt) else "" if notice else "no text on it says so"
        pages += bool(links)
        if lacking:
            said = lacking if isinstance(lacking, Doubt) else silent_page(visit, links, lacking, _CAUSES[form])
            if isinstance(said, Doubt):
                yield said
            else:
                silent.append(said)
    yield Examined(len(found.known))
    yield from found.note()
    if tolerated(parameters.reading, len(silent), pages):
        yield Note(f"{len(silent)} of {pages} pages with external links lack the notice: within the 5 % allowed.")
    else:
        yield from silent
    if not found.known:
        return
    if form == "policy-clause":
        clause = clause_of_policy(observations, context, parameters.clause)
        yield Note(f"The policy says: “{clause}”") if isinstance(clause, str) else clause
    elif form == "interstitial":
        yield from judge_clicks(observations.link_probes(context.visitor), found, parameters.reading)
    elif form in _TELLS:
        yield from found.missing(parameters.reading, _LACKS[form], _CAUSES[form])
