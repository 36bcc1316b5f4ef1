"""What services for measurement and advertising call the numbers of a visitor in their requests.

For messages only: a reader understands “cid” better as "Google Analytics' number of the visitor". No name here
decides a verdict. Parameter names are as in Omnibug (https://github.com/MisterPhilip/omnibug, `src/providers`) and
in Matomo's tracking API and `piwik.js` (https://developer.matomo.org/api-reference/tracking-api).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from compliance.model.urls import host_of

VISITOR = "number of the visitor"
USER = "number or name of the user"
MAIL = "e-mail address, as a rule hashed"
PHONE = "telephone number, as a rule hashed"
CLICK = "number of the click that led here"


@dataclass(frozen=True, slots=True)
class _Service:
    name: str
    host: str
    """Domain, with all its hosts; empty for any, as where a site runs the service itself."""
    path: str
    """What the path contains, as a pattern."""
    parameters: dict[str, str]


_SERVICES: tuple[_Service, ...] = (
    _Service("Google Analytics 4", "", r"/g/collect$", {"cid": VISITOR, "uid": USER}),
    _Service("Google Analytics", "google-analytics.com", r"collect$", {"cid": VISITOR, "uid": USER}),
    _Service("Google Ads", "doubleclick.net", r"", {"gclid": CLICK, "dclid": CLICK}),
    _Service(
        "Matomo", "", r"/(?:matomo|piwik|ppms)\.php$", {"_id": VISITOR, "cid": VISITOR, "uid": USER, "pk_vid": VISITOR}
    ),
    _Service(
        "Meta's pixel",
        "facebook.com",
        r"/tr\b",
        {"ud[em]": MAIL, "ud[ph]": PHONE, "ud[external_id]": USER, "ud[uid]": USER},
    ),
    _Service(
        "TikTok's pixel", "analytics.tiktok.com", r"/api/", {"email": MAIL, "phone_number": PHONE, "external_id": USER}
    ),
    _Service("X's pixel", "twitter.com", r"/i/adsct$", {"p_user_id": USER, "email": MAIL, "phone_number": PHONE}),
    _Service(
        "Adobe Analytics",
        "",
        r"/b/ss/",
        {"mid": VISITOR, "aid": VISITOR, "fid": VISITOR, "vid": VISITOR, "d_cid_ic": USER},
    ),
    _Service("Adobe", "demdex.net", r"/id$", {"d_mid": VISITOR, "d_cid_ic": USER}),
    _Service("Snap's pixel", "tr.snapchat.com", r"/p$", {"u_hem": MAIL, "u_hpn": PHONE}),
    _Service("Pinterest's tag", "ct.pinterest.com", r"/v3", {"pd[em]": MAIL}),
)


def named(url: str, parameter: str) -> str:
    """What the service that an address belongs to calls a parameter: `Matomo: number of the visitor`; else empty."""
    host = host_of(url)
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    last = parameter.rpartition(".")[2]
    for service in _SERVICES:
        here = not service.host or host == service.host or host.endswith(f".{service.host}")
        meaning = service.parameters.get(parameter) or service.parameters.get(last)
        if here and meaning and re.search(service.path, path):
            return f"{service.name}: {meaning}"
    return ""
