"""Control visits as a flawless instrument records them, from literals: no browser. And tests without any."""

from compliance.audit import trying
from compliance.crawl import crawler
from compliance.knowledge.controls import BUCKET, BUSY, CLEAN, CONTROLLED, CONTROLS, LIFETIME, OTHER, WORD
from compliance.model.activity import ConsoleMessage
from compliance.model.controls import AFTER, BEFORE, ControlRun, TrialControl
from compliance.model.observation import Controls
from compliance.model.visit import Aspect
from compliance.store.rundir import RunDirectory
from compliance.testing import api_call, cookie, form, form_field, link, request, set_cookie, stored, visit

STORED = {
    "local": "local", "session-storage": "session", "indexeddb": "indexeddb", "cache": "cache",
    "file": "file", "bucket": "file", "registration": "worker", "name": "name", "third-local": "local",
}  # fmt: skip
CALLED = {
    "canvas": "canvas.toDataURL", "letters": "canvas.fillText", "fonts": "canvas.measureText",
    "families": "fonts.measure", "graphics": "webgl.getParameter", "sound": "audio.OfflineAudioContext",
    "rtc": "webrtc.RTCPeerConnection", "languages": "navigator.languages", "screen": "screen.width",
    "zone": "time.getTimezoneOffset", "frame-canvas": "canvas.toDataURL", "worker-languages": "navigator.languages",
}  # fmt: skip


#: What an instrument shows that got every control right.
SOUND = Controls(tried=1, aspects=frozenset(Aspect))


def without_controls(monkeypatch) -> None:
    """No control pages, no trials of ours: a third of the time of a small audit. All are taken for right."""

    async def prove(*_):
        return SOUND

    async def try_controls(_, aspect):
        return TrialControl(aspect.value, needed=False)

    monkeypatch.setattr(crawler, "prove", prove)
    monkeypatch.setattr(trying, "try_controls", try_controls)
    monkeypatch.setattr(RunDirectory, "controls", lambda *_: SOUND)


def flawless() -> tuple[ControlRun, ControlRun]:
    """Before and after the crawl."""
    return _run(BEFORE), _run(AFTER)


def _run(when: str) -> ControlRun:
    busy, other, clean = (f"http://{host}:1234" for host in (BUSY, OTHER, CLEAN))
    names = {a: [c.name for c in CONTROLS if c.aspect is a] for a in CONTROLLED}
    cookies = [f"{name}-{when}" for name in names[Aspect.COOKIES]]
    lasting = [cookie(f"header-{BEFORE}"), cookie(f"header-{when}", lifetime=LIFETIME)]
    return ControlRun(
        when,
        did=tuple(sorted({c.name for c in CONTROLS})),
        aspects=tuple(sorted(CONTROLLED)),
        origin=busy,
        busy=visit(
            f"{busy}/busy.html",
            requests=[
                request(
                    f"{busy}/c/{name}", body=WORD, redirected_to=f"{busy}/c/hop-end" if name == "hop" else "",
                    **{"answer_text": WORD, "body_digest": "d"} if name == "kept" else {},
                )
                for name in (*names[Aspect.REQUESTS], "hop-end")
            ],
            set_cookies=[
                set_cookie(name, lifetime=LIFETIME, set_by="script" if name.startswith("script") else "header")
                for name in cookies
            ],
            jar=[cookie(name, partition=other if name.startswith("partitioned") else "") for name in cookies],
            storage=[
                stored(
                    f"{BUCKET if name == 'bucket' else ''}{WORD}-{time}", "1", kind,
                    origin=other if name == "third-local" else busy,
                )
                for name, kind in STORED.items()
                for time in {when, BEFORE}
                if time == when or kind != "session"
            ],
            api_calls=[
                api_call(api, script=f"{busy}/busy.js", frame=f"{other if name == 'frame-canvas' else busy}/",
                         worker=name == "worker-languages")
                for name, api in CALLED.items()
            ],
            links=[link(f"{busy}/c/{name}") for name in names[Aspect.LINKS]],
            forms=[form(form_field("name", required=True), form_field("note"), action=f"{busy}/c/sent")],
            text=" ".join(f"{WORD}-{name}" for name in names[Aspect.TEXT]),
            console=[ConsoleMessage("log", WORD)],
        ),
        clean=visit(
            f"{clean}/clean.html", requests=[request(f"{clean}/clean.html")], jar=lasting[: 1 + (when == AFTER)]
        ),
    )  # fmt: skip
