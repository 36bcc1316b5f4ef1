"""What scripts called, from the reports of `api_calls.js`, and whether every document and worker reported.

The browser names each context in which a page's scripts run; each must say that it is listened to. So a
context that the hooks did not reach is known, and a page cannot look innocent by running elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from compliance.browser.cdp import Params
from compliance.model.activity import ApiCall

#: Kinds of targets that run scripts without a document.
WORKERS = frozenset({"worker", "shared_worker", "service_worker"})
#: Different (document or worker, script, API) of one visit; what lies beyond makes the record incomplete.
MAX_CALLS = 20_000


@dataclass(slots=True)
class CallRecorder:
    """The calls of one visit."""

    _calls: dict[tuple[str, str, str, str], ApiCall] = field(default_factory=dict)
    _contexts: dict[tuple[str, int], str] = field(default_factory=dict)
    _workers: dict[str, str] = field(default_factory=dict)
    _heard: set[tuple[str, int]] = field(default_factory=set)
    _heard_workers: set[str] = field(default_factory=set)
    _faults: dict[str, int] = field(default_factory=dict)
    _capped: bool = False

    def attached(self, session: str, info: Params) -> None:
        """A target has a session of its own from now on; a worker is expected to report."""
        if info["type"] in WORKERS:
            self._workers[session] = info["url"] or info["type"]

    def context(self, session: str, context: Params) -> None:
        """Scripts of a page can run in a context from now on (`Runtime.executionContextCreated`)."""
        aux = context.get("auxData") or {}
        if aux.get("isDefault") and aux.get("frameId"):
            self._contexts[session, context["id"]] = str(context.get("origin", ""))

    def take(self, session: str, context: int, report: Any) -> bool:
        """Take a report, if it is one of `api_calls.js`.

        Raises:
            ValueError, TypeError, AttributeError: It says that it is one, and is not.
        """
        kind = report.get("kind")
        if kind not in ("hooked", "calls"):
            return False
        self._heard.add((session, context))
        self._heard_workers.add(session)
        if kind == "calls":
            realm, frame = str(report["realm"]), str(report["frame"])
            self._faults[realm] = int(report["faults"])
            for api, callers, count, distinct, most, samples in report["calls"]:
                script, *chain = str(callers).split("\n")
                key = (realm, str(api), script, session)
                if key not in self._calls and len(self._calls) >= MAX_CALLS:
                    self._capped = True
                    continue
                self._calls[key] = ApiCall(
                    api=str(api),
                    script=script,
                    frame=frame,
                    worker=session in self._workers,
                    count=int(count),
                    samples=tuple(map(str, samples)),
                    distinct=int(distinct),
                    most=int(most),
                    chain=tuple(chain),
                )
        return True

    def calls(self) -> tuple[ApiCall, ...]:
        """All of them, sorted by frame, script and API."""
        return tuple(sorted(self._calls.values(), key=lambda c: (c.frame, c.script, c.api, c.samples)))

    def gap(self) -> str:
        """Why the record is incomplete, empty when it is not."""
        silent = [url for key, url in self._contexts.items() if key not in self._heard]
        idle = [url for session, url in self._workers.items() if session not in self._heard_workers]
        faults = sum(self._faults.values())
        reasons = []
        if silent:
            reasons.append(f"{len(silent)} documents ran unheard ({silent[0][:200] or 'no address'})")
        if idle:
            reasons.append(f"{len(idle)} workers ran unheard ({idle[0][:200]})")
        if faults:
            reasons.append(f"{faults} calls could not be noted")
        if self._capped:
            reasons.append(f"the first {MAX_CALLS} of them")
        return "; ".join(reasons)
