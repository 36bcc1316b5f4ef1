"""The recording connection against a browser that answers late, refuses, vanishes, or takes nothing more."""

import asyncio
import json
import logging

import pytest
from websockets.asyncio.server import serve

from compliance.browser import cdp
from compliance.browser.cdp import CommandFailed, Connection, Unresponsive
from compliance.errors import BrowserLost


async def polite(socket):
    """Answers by the name of the method."""
    async for raw in socket:
        message = json.loads(raw)
        reply = {"id": message["id"]}
        match message["method"]:
            case "echo":
                reply["result"] = {"params": message["params"], "session": message.get("sessionId", "")}
            case "refuse":
                reply["error"] = {"code": -32000, "message": "No such frame"}
            case "refuse rudely":
                reply["error"] = {}
            case "nothing":
                reply["result"] = {}
            case "silence":
                continue
            case "events":
                for n in range(3):
                    event = {"method": "Page.event", "params": {"n": n}, "sessionId": f"s{n}"}
                    await socket.send(json.dumps(event))
                await socket.send(json.dumps({"method": "Bare.event"}))
                reply["result"] = {}
            case "backwards":
                await socket.send(json.dumps({"id": 999, "result": {"of": "nobody"}}))
                reply["result"] = {}
            case "garbage":
                await socket.send("no json")
                continue
            case "close":
                await socket.close()
                return
            case "vanish":
                socket.transport.abort()
                return
        await socket.send(json.dumps(reply))


def talk(work, handler=lambda *_: None, behave=polite):
    """Run `work(connection)` against a server."""

    async def main():
        async with serve(behave, "127.0.0.1", 0, close_timeout=0.3) as server:
            port = server.sockets[0].getsockname()[1]
            connection = await Connection.open(f"ws://127.0.0.1:{port}/devtools", handler)
            try:
                return await asyncio.wait_for(work(connection), 20)
            finally:
                await connection.close()

    return asyncio.run(main())


def test_a_command_and_its_answer():
    async def work(connection):
        first = await connection.send("echo", {"a": 1}, "S")
        return first, await connection.send("nothing"), await connection.send("echo")

    assert talk(work) == (
        {"params": {"a": 1}, "session": "S"}, {}, {"params": {}, "session": ""},
    )  # fmt: skip


def test_many_commands_at_once_get_their_own_answers():
    async def work(connection):
        return await asyncio.gather(*(connection.send("echo", {"n": n}) for n in range(200)))

    assert [answer["params"]["n"] for answer in talk(work)] == list(range(200))


def test_what_is_posted_is_answered_when_somebody_asks():
    async def work(connection):
        futures = [await connection.post("echo", {"n": n}) for n in range(3)]
        refused = await connection.post("refuse")
        await connection.send("nothing")
        assert isinstance(refused.exception(), CommandFailed), "and nobody had to look"
        return [(await future)["params"]["n"] for future in futures]

    assert talk(work) == [0, 1, 2]


@pytest.mark.parametrize(("method", "said"), [("refuse", "No such frame"), ("refuse rudely", "refused")])
def test_a_command_that_is_refused(method, said):
    async def work(connection):
        with pytest.raises(CommandFailed, match=said):
            await connection.send(method)
        return await connection.send("nothing")

    assert talk(work) == {}, "the connection lives on"


def test_a_command_that_is_never_answered():
    async def work(connection):
        with pytest.raises(Unresponsive, match=r"silence: no answer in 0\.05 s"):
            await connection.send("silence", timeout=0.05)
        return await connection.send("nothing")

    assert talk(work) == {}


def test_an_answer_that_comes_too_late_is_nobodys():
    async def late(socket):
        first = json.loads(await socket.recv())
        second = json.loads(await socket.recv())
        await socket.send(json.dumps({"id": first["id"], "result": {"late": True}}))
        await socket.send(json.dumps({"id": second["id"], "result": {"late": False}}))
        await socket.wait_closed()

    async def work(connection):
        with pytest.raises(Unresponsive):
            await connection.send("x", timeout=0.05)
        return await connection.send("y")

    assert talk(work, behave=late) == {"late": False}


def test_events_arrive_in_order_before_the_answer_that_follows_them():
    got = []

    async def work(connection):
        await connection.send("events")
        await connection.send("backwards")
        return list(got)

    assert talk(work, lambda *event: got.append(event)) == [
        ("s0", "Page.event", {"n": 0}), ("s1", "Page.event", {"n": 1}), ("s2", "Page.event", {"n": 2}),
        ("", "Bare.event", {}),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["close", "vanish"])
def test_everybody_hears_that_the_browser_is_gone(end):
    async def work(connection):
        waiting = [asyncio.create_task(connection.send("silence")) for _ in range(3)]
        never = asyncio.get_running_loop().create_future()
        waiting.append(asyncio.create_task(connection.unless_lost(never)))
        await connection.post(end)
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(error) for error in found] == [BrowserLost] * 4
        assert "the browser closed its connection" in str(found[0])
        assert never.cancelled(), "nobody waits for it any more"
        with pytest.raises(BrowserLost):
            await connection.send("echo")
        return connection.lost

    assert "closed its connection" in talk(work)


def test_a_recorder_that_fails_is_no_quiet_page(caplog):
    def handler(*_):
        raise ZeroDivisionError("in a recorder")

    async def work(connection):
        waiting = asyncio.create_task(connection.send("silence"))
        await connection.post("events")
        with pytest.raises(BrowserLost, match="recording failed: ZeroDivisionError: in a recorder"):
            await waiting
        with pytest.raises(BrowserLost, match="recording failed"):
            await connection.send("nothing")

    with caplog.at_level(logging.CRITICAL + 1, "asyncio"):
        talk(work, handler)


def test_an_event_that_is_no_json_is_a_failure_too(caplog):
    async def work(connection):
        with pytest.raises(BrowserLost, match="recording failed: JSONDecodeError"):
            await connection.send("garbage")

    with caplog.at_level(logging.CRITICAL + 1, "asyncio"):
        talk(work)


def test_a_browser_that_takes_nothing_more_does_not_hold_us_up(monkeypatch):
    monkeypatch.setattr(cdp, "COMMAND_TIMEOUT", 0.2)

    async def deaf(socket):
        socket.transport.pause_reading()
        await asyncio.sleep(1)

    async def work(connection):
        async def more_than_all_buffers_on_the_way_hold():
            for _ in range(1000):
                await connection.post("fill", {"x": "y" * 1_000_000})

        with pytest.raises(Unresponsive, match=r"fill: not taken in 0\.2 s"):
            await more_than_all_buffers_on_the_way_hold()
        connection._socket.transport.abort()

    talk(work, behave=deaf)


def test_what_living_browsers_bring_is_handed_on():
    async def work(connection):
        async def fails():
            raise CommandFailed("its own fault")

        with pytest.raises(CommandFailed, match="its own fault"):
            await connection.unless_lost(fails())
        return await connection.unless_lost(asyncio.sleep(0, "brought"))

    assert talk(work) == "brought"


def test_a_connection_can_be_given_up():
    async def work(connection):
        waiting = asyncio.create_task(connection.send("silence"))
        await asyncio.sleep(0)
        connection.fail("frozen")
        connection.fail("the second reason is none")
        with pytest.raises(BrowserLost, match="frozen"):
            await waiting
        return connection.lost

    assert talk(work) == "frozen"


def test_closing_twice_and_closing_what_is_gone():
    async def work(connection):
        await connection.post("vanish")
        await asyncio.sleep(0.05)
        await connection.close()
        await connection.close()

    talk(work)


@pytest.mark.parametrize("url", ["ws://127.0.0.1:9/", "ws://no-such-host.invalid/", "http://127.0.0.1:9/", "nonsense"])
def test_where_nothing_answers(url):
    with pytest.raises(BrowserLost, match="does not answer"):
        asyncio.run(Connection.open(url, lambda *_: None))


def test_what_answers_something_else():
    async def main():
        async def wrong(reader, writer):
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(wrong, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(BrowserLost, match="404"):
                await Connection.open(f"ws://127.0.0.1:{port}/", lambda *_: None)

    asyncio.run(main())
