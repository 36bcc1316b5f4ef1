"""The browser's own log, read from a pipe: pieces, ends, and lines that are none."""

import asyncio
import json
import os

from compliance.browser.netlog import Logged, NetLog

HEAD = {"logEventTypes": {"URL_REQUEST_START_JOB": 136}, "timeTickOffset": 1_000_000}


def event(url, *, kind=136, phase=1, source=1, method="GET", top="https://shop.test https://shop.test", **params):
    params |= {"url": url, "method": method, "network_isolation_key": top}
    source = {"id": source, "start_time": "5", "type": 1}
    return json.dumps(
        {"params": params, "phase": phase, "source": source, "time": "500", "type": kind}, separators=(",", ":")
    )


def text(*events, end='],\n"polledData":[]\n}\n', head=HEAD):
    body = ",\n".join(events)
    return f'{{"constants":{json.dumps(head)},\n"events": [\n{body}{end}'.encode()


def read(tmp_path, *pieces):
    async def main():
        log = NetLog(tmp_path / "log")
        with open(log.path, "wb", buffering=0) as pipe:
            for piece in pieces:
                pipe.write(piece)
                await asyncio.sleep(0)
        log.finish()
        assert not log.path.exists()
        return log

    return asyncio.run(main())


def test_beginnings_of_requests_are_kept(tmp_path):
    log = read(
        tmp_path,
        text(
            event("https://shop.test/a#x", initiator="https://shop.test"),
            event("https://shop.test/a", kind=7),
            event("https://shop.test/a", phase=2),
            event("https://shop.test/a"),
            event("https://other.test/hop", initiator="not an origin"),
            event("https://shop.test/a", source=2, method="POST"),
            event("https://update.test/", source=3, top="null null"),
        ),
    )
    assert log.whole
    assert log.requests == [
        Logged("https://shop.test/a", "GET", "https://shop.test", 1000.5),
        Logged("https://other.test/hop", "GET", "", 1000.5),
        Logged("https://shop.test/a", "POST", "", 1000.5),
    ]


def test_it_may_come_in_any_pieces(tmp_path):
    whole = text(*(event(f"https://shop.test/{n}", source=n) for n in range(5)))
    log = read(tmp_path, *(whole[i : i + 7] for i in range(0, len(whole), 7)))
    assert len(log.requests) == 5
    assert log.whole


def test_a_log_that_breaks_off_is_not_whole(tmp_path):
    log = read(tmp_path, text(event("https://shop.test/a"), event("https://shop.test/b", source=2), end="")[:-20])
    assert [one.url for one in log.requests] == ["https://shop.test/a"]
    assert not log.whole
    assert not read(tmp_path).whole
    assert not read(tmp_path, text(event("https://shop.test/a"), end=",\n")).whole


def test_a_log_of_another_format_is_not_whole(tmp_path):
    assert not read(tmp_path, b"something else\n}\n").whole
    assert not read(tmp_path, text(event("https://shop.test/a"), head={"logEventTypes": {}})).whole
    assert not read(tmp_path, text('{"source":1,"type":136}')).whole


def test_the_pipe_is_for_its_owner(tmp_path):
    async def main():
        log = NetLog(tmp_path / "log")
        mode = os.stat(log.path).st_mode & 0o777
        log.finish()
        return mode

    assert asyncio.run(main()) == 0o600
