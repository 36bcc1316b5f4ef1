"""The report: one HTML file, complete without JavaScript, that asks the network for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from compliance.model.lists import OLD
from compliance.model.run import Run
from compliance.report.context import page
from compliance.report.findings import Blob
from compliance.report.redact import address, text
from compliance.report.words import LEVELS, MARKS, counted, moment, period, repetitions


def render(run: Run, blob: Blob = lambda digest: None) -> str:
    """The report on `run`; `blob` gives the bytes of a screenshot by its digest, or None."""
    style, script = _asset("report.css"), _asset("report.js")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            page=page(run, blob),
            style=Markup(style),  # noqa: S704 - ours, from the package
            script=Markup(script),  # noqa: S704
            policy="; ".join(
                (
                    "default-src 'none'",
                    "img-src data:",
                    f"style-src '{_digest(style)}'",
                    f"script-src '{_digest(script)}'",
                    "base-uri 'none'",
                    "form-action 'none'",
                )
            ),
        )
    )


@cache
def _asset(name: str) -> str:
    return (files("compliance.report") / "assets" / name).read_text("utf-8")


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _fit(value: object) -> object:
    """What every `{{ … }}` passes through: no text reaches the page unsanitized, whoever writes the template."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else text(value)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("compliance.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_fit,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "moment": moment,
        "brief": partial(text, limit=240),
        "json": partial(json.dumps, ensure_ascii=False, default=str),
    }
    environment.globals |= {
        "address": address,
        "counted": counted,
        "period": period,
        "repetitions": repetitions,
        "embedded": Markup,
        "levels": LEVELS,
        "marks": MARKS,
        "old_list": OLD,
    }
    return environment
