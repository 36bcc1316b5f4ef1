"""Makes `ca.pem` and `server.pem` anew: `python compliance/demo/tls/make_certificate.py` (needs trustme).

The server's key is public on purpose and protects nothing. The authority's key is
thrown away at once, so that nobody can sign anything else with a CA that a user
might have trusted for the demo.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import trustme

#: `*.test` alone is not enough: clients refuse a wildcard right under a top-level domain.
SITES = ("spaceo", "shop", "partner", "friends", "tracker", "assets", "social")


def main() -> None:
    """Write both files beside this one."""
    here = Path(__file__).parent
    names = ["*.test", *(name for s in SITES for name in (f"{s}.test", f"*.{s}.test")), "localhost", "127.0.0.1"]
    authority = trustme.CA(
        organization_name="policy-compliance demo (public throw-away)", key_type=trustme.KeyType.ECDSA
    )
    server = authority.issue_cert(*names, not_after=datetime(2037, 12, 31, tzinfo=UTC), key_type=trustme.KeyType.ECDSA)
    authority.cert_pem.write_to_path(str(here / "ca.pem"))
    server.private_key_and_cert_chain_pem.write_to_path(str(here / "server.pem"))


if __name__ == "__main__":
    main()
