"""Which pages have a link to the policy that a visitor sees."""

from __future__ import annotations

from compliance.checks._check import Context
from compliance.checks.policy_text._target import PolicyTarget, policy_target
from compliance.checks.policy_text._terms import names_policy
from compliance.model.content import Link
from compliance.model.observation import Observations
from compliance.model.urls import url_key
from compliance.model.visit import Visit


class LinksToPolicy:
    """Knows the addresses of the policy; asked page by page."""

    def __init__(self, observations: Observations, context: Context) -> None:
        self._target: PolicyTarget = policy_target(observations, context)

    def lacking(self, visit: Visit) -> str:
        """What a page lacks; empty when the policy is one click away, or is the page itself, or is not known."""
        if not self._target.known or url_key(visit.page) in self._target.keys:
            return ""
        links = [link for link in visit.links or () if self._leads(link, visit)]
        if any(link.visible for link in links):
            return ""
        return "its link to the policy is not visible" if links else "it has no link to the policy"

    def _leads(self, link: Link, visit: Visit) -> bool:
        """Does a link lead to the policy, or to what is called so in the language of another part of the site."""
        key = url_key(link.href)
        if key in self._target.keys:
            return True
        language = self._target.seen.get(key, "")
        translated = bool(language and self._target.language and language != self._target.language)
        return translated and key != url_key(visit.page) and names_policy(link.text, visit.language)
