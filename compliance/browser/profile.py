"""A browser profile in which third-party cookies and storage can be seen.

Debian's full Chromium (and Chrome in some trials) refuses third-party cookies by a preference of the profile; command
line switches do not change it, the profile does. A fresh profile seeded this way shows them.
"""

from __future__ import annotations

import json
from pathlib import Path

PREFERENCES: dict[str, object] = {
    # 0 = accept all cookies, 1 = refuse third-party cookies, 2 = refuse them in incognito windows only
    "profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False},
}


def prepare_profile(folder: Path) -> Path:
    """Seed the empty profile in `folder`, which is made if needed, and return it.

    Raises:
        FileExistsError: The folder holds a profile already; somebody's own settings are never overwritten.
    """
    default = folder / "Default"
    default.mkdir(parents=True, exist_ok=True)
    with (default / "Preferences").open("x", encoding="utf-8") as file:
        json.dump(PREFERENCES, file)
    return folder
