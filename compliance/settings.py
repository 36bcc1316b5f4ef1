"""Options that hold for a whole execution, from the command line, `COMPLIANCE_*` and `[tool.compliance]`."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from compliance.errors import SettingsError

VARIABLES = {
    "browser": "COMPLIANCE_BROWSER",
    "channel": "COMPLIANCE_BROWSER_CHANNEL",
    "run_root": "COMPLIANCE_REPORTS",
    "dns": "COMPLIANCE_DNS",
    "data": "COMPLIANCE_DATA",
}


def data_home() -> Path:
    """Where programs keep a user's data (XDG Base Directory Specification), for this program."""
    named = os.environ.get("XDG_DATA_HOME", "")
    # What is not absolute is to be ignored, says the specification.
    base = Path(named) if named.startswith("/") else Path(os.path.expanduser("~")) / ".local" / "share"
    return base / "policy-compliance"


class Settings(BaseModel):
    """Order: explicit argument, environment variable, `[tool.compliance]` in pyproject.toml, default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    browser: Path | None = None
    """Path of a Chromium to use."""
    channel: str | None = None
    """A browser channel of Playwright's (`chrome`, `msedge`)."""
    headed: bool = False
    run_root: Path = Path("reports")
    """Where run directories are made."""
    resolve: tuple[str, ...] = ()
    """`HOST:ADDR` or `HOST:PORT:ADDR:PORT`, as curl's `--resolve`."""
    ignore_tls: tuple[str, ...] = ()
    """Hosts (or `*.suffix`) whose certificates are not verified; shown in every report. `sha256/` and the base64 of
    a public key's SHA-256 beside them: what it signs is trusted, so that the browser keeps a cache."""
    dns: str | None = None
    """`ADDRESS` or `ADDRESS:PORT` of the DNS server that the site's names are looked up at; the machine's own when
    left out."""
    data: Path = Field(default_factory=data_home)
    """Where the user's lists are kept, in `lists/`."""

    @field_validator("dns")
    @classmethod
    def _is_a_server(cls, text: str | None) -> str | None:
        if text:
            dns_server(text)
        return text

    @property
    def lists(self) -> Path:
        """Folder of the user's lists."""
        return self.data / "lists"


def dns_server(text: str) -> tuple[str, int]:
    """Address and port of a DNS server: `9.9.9.9`, `127.0.0.1:5353`, `2620:fe::fe`, `[::1]:5353`.

    Raises:
        ValueError: It is none.
    """
    address, port = text, "53"
    if text.startswith("[") or text.count(":") == 1:
        address, _, port = text.rpartition(":")
    try:
        found = ipaddress.ip_address(address.removeprefix("[").removesuffix("]"))
        number = int(port)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise ValueError(f"{text} is no address of a DNS server; write one as in 9.9.9.9 or 127.0.0.1:5353")
    return str(found), number


def load_settings(start: Path | None = None, **explicit: object) -> Settings:
    """Settings for the project at `start` (default: the working directory).

    Raises:
        SettingsError: A key or a value is wrong; the message names the source.
    """
    values: dict[str, object] = {}
    project = (start or Path.cwd()) / "pyproject.toml"
    if project.is_file():
        try:
            table = tomllib.loads(project.read_text("utf-8")).get("tool", {}).get("compliance", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{project}: {error}") from error
        values |= {key.replace("-", "_"): value for key, value in table.items()}
    values |= {key: os.environ[name] for key, name in VARIABLES.items() if os.environ.get(name)}
    values |= {key: value for key, value in explicit.items() if value not in (None, (), "")}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"setting {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
