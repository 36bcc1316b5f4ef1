"""Who the browser says it is: one answer in the user agent string, the client hints and the scripts' view of both.

A browser without a window names itself `HeadlessChrome` in its client hints, whatever string it was started with,
and some pages behave otherwise for it. What is said here is what Chrome of the same version says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_ORDERS = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
_MARKS = " (:-./);=?_"
_VERSIONS = ("8", "99", "24")
#: What stands in a user agent string → name of the platform, how its version is written there, processor, bits. The
#: first that fits counts.
_PLATFORMS: tuple[tuple[str, str, str, str, str], ...] = (
    ("Android", "Android", r"Android ([\d.]+)", "", ""),
    ("Windows", "Windows", r"Windows NT ([\d.]+)", "x86", "64"),
    ("Macintosh", "macOS", r"Mac OS X ([\d_]+)", "x86", "64"),
    ("Linux", "Linux", "", "x86", "64"),
)
_MODEL = re.compile(r"Android [\d.]+; (.+?)(?: Build/[^)]*)?\) AppleWebKit")


def user_agent(major: int) -> str:
    """What an ordinary visitor's Chrome of this version says: some pages behave otherwise for `HeadlessChrome`."""
    return f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"


def brands(brand: str, version: str, *, full: bool = False) -> list[dict[str, str]]:
    """The brands that a Chromium names: itself, its product, and one that does not exist, in an order of its version.

    The made-up brand (GREASE, in the UA Client Hints specification) keeps servers from counting on a fixed list.
    Chromium derives all three from the major version (`components/embedder_support/user_agent_utils.cc`).

    Args:
        brand: The product.
        version: Of four numbers.
        full: Give whole versions.
    """
    seed = int(version.partition(".")[0])
    nobody = f"Not{_MARKS[seed % len(_MARKS)]}A{_MARKS[(seed + 1) % len(_MARKS)]}Brand"
    unreal = _VERSIONS[seed % len(_VERSIONS)]
    said = version if full else str(seed)
    listed: list[dict[str, str]] = [{}, {}, {}]
    named = ((nobody, f"{unreal}.0.0.0" if full else unreal), ("Chromium", said), (brand, said))
    for place, (name, number) in zip(_ORDERS[seed % len(_ORDERS)], named, strict=True):
        listed[place] = {"brand": name, "version": number}
    return listed


def override(agent: str, product: str) -> Mapping[str, Any]:
    """Parameters of DevTools' `Emulation.setUserAgentOverride` for a user agent string.

    A string of another family of browsers gets no client hints, as those send none. `navigator.platform` stays
    that of the machine: DevTools replaces it in documents and not in workers, and two answers would be worse.

    Args:
        agent: The string.
        product: The browser that runs, as in `HeadlessChrome/156.0.8078.79`: tells the numbers that the string
            leaves out.
    """
    chrome = re.search(r"Chrome/(\d+)((?:\.\d+)*)", agent)
    row = next((row for row in _PLATFORMS if row[0] in agent), None)
    if chrome is None or row is None:
        return {"userAgent": agent}
    _, platform, pattern, processor, bits = row
    running = product.partition("/")[2]
    reduced = not chrome[2].strip(".0")
    version = running if reduced and running.startswith(f"{chrome[1]}.") else f"{chrome[1]}{chrome[2]}"
    number = re.search(pattern, agent) if pattern else None
    model = _MODEL.search(agent)
    brand = "Microsoft Edge" if " Edg" in agent else "Google Chrome"
    mobile = " Mobile " in agent
    form = "Mobile" if mobile else "Tablet" if platform == "Android" else "Desktop"
    hints = {
        "brands": brands(brand, version),
        "fullVersionList": brands(brand, version, full=True),
        "fullVersion": version,
        "platform": platform,
        "platformVersion": _three(number[1]) if number else "",
        "architecture": processor,
        "bitness": bits,
        # Chrome writes `K` for every model in the string; the hint alone would tell it.
        "model": model[1] if model and model[1] != "K" else "",
        "mobile": mobile,
        "wow64": False,
        "formFactors": [form],
    }
    return {"userAgent": agent, "userAgentMetadata": hints}


def _three(version: str) -> str:
    """A platform's version in three numbers, as hints have it."""
    return ".".join([*version.replace("_", ".").split("."), "0", "0"][:3])
