"""Options that lead the browser elsewhere, as Chromium's command line takes them."""

from __future__ import annotations

from compliance.errors import SettingsError

#: Begins an entry of `ignore_tls` that names no host but a key: base64 of the SHA-256 of its public half (as in
#: RFC 7469). What it signs counts as trusted, so the browser keeps its answers in the cache; otherwise it does not.
KEY = "sha256/"


def host_rules(resolve: tuple[str, ...]) -> list[str]:
    """`--resolve` entries as a Chromium argument.

    Raises:
        SettingsError: An entry is not `HOST:ADDRESS` or `HOST:ADDRESS:PORT`.
    """
    if not resolve:
        return []
    rules = []
    for entry in resolve:
        host, _, target = entry.partition(":")
        if not host or not target or any(c in entry for c in " ,\t"):
            raise SettingsError(f"--resolve {entry}: not HOST:ADDRESS[:PORT]", hint="as in shop.test:127.0.0.1:8443")
        rules.append(f"MAP {host} {target}")
    return [f"--host-resolver-rules={','.join(rules)}"]


def trusted_keys(ignore_tls: tuple[str, ...]) -> list[str]:
    """The keys among `--ignore-tls` entries as a Chromium argument."""
    keys = [entry.removeprefix(KEY) for entry in ignore_tls if entry.startswith(KEY)]
    return [f"--ignore-certificate-errors-spki-list={','.join(keys)}"] if keys else []
