"""Which checks exist: one explicit tuple, plus the entry-point group `compliance.checks`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from compliance.checks._check import Check
from compliance.checks.forms.form_fields_optional import form_fields_optional
from compliance.checks.identity.cookie_lifetime import cookie_lifetime
from compliance.checks.identity.declared_cookies import declared_cookies
from compliance.checks.identity.no_click_ids import no_click_ids
from compliance.checks.identity.no_cookie_syncing import no_cookie_syncing
from compliance.checks.identity.no_fingerprinting import no_fingerprinting
from compliance.checks.identity.no_identifying_cookies import no_identifying_cookies
from compliance.checks.identity.no_identifying_storage import no_identifying_storage
from compliance.checks.identity.no_identity_resolution import no_identity_resolution
from compliance.checks.identity.no_link_decoration import no_link_decoration
from compliance.checks.identity.no_respawning import no_respawning
from compliance.checks.identity.no_session_recording import no_session_recording
from compliance.checks.identity.no_user_ids import no_user_ids
from compliance.checks.identity.session_only import session_only
from compliance.checks.links.contact_reachable import contact_reachable
from compliance.checks.links.external_link_disclaimer import external_link_disclaimer
from compliance.checks.policy_text.policy_reachable import policy_reachable
from compliance.checks.policy_text.policy_unchanged import policy_unchanged
from compliance.checks.transport.cname_cloaking import cname_cloaking
from compliance.checks.transport.known_trackers import known_trackers
from compliance.checks.transport.third_party_requests import third_party_requests

BUILTIN: tuple[Check[Any], ...] = (
    cname_cloaking,
    contact_reachable,
    cookie_lifetime,
    declared_cookies,
    external_link_disclaimer,
    form_fields_optional,
    known_trackers,
    no_click_ids,
    no_cookie_syncing,
    no_fingerprinting,
    no_identifying_cookies,
    no_identifying_storage,
    no_identity_resolution,
    no_link_decoration,
    no_respawning,
    no_session_recording,
    no_user_ids,
    policy_reachable,
    policy_unchanged,
    session_only,
    third_party_requests,
)


@cache
def registry() -> dict[str, Check[Any]]:
    """Check id → check, sorted by id.

    Raises:
        ValueError: Two checks share an id, or an installed package's id has no `vendor/` in front.
    """
    found: dict[str, Check[Any]] = {c.id: c for c in BUILTIN}
    for point in entry_points(group="compliance.checks"):
        loaded = point.load()
        if not isinstance(loaded, Check):
            raise ValueError(f"entry point {point.value} of group compliance.checks is not a Check")
        if "/" not in loaded.id:
            raise ValueError(f"{point.value}: an id outside this package needs a vendor, as in acme/{loaded.id}")
        if loaded.id in found:
            raise ValueError(f"{point.value}: there is a check {loaded.id} already")
        found[loaded.id] = loaded
    return dict(sorted(found.items()))
