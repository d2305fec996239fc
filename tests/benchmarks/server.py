"""A server that answers by script, well or badly. It listens on loopback, in a thread."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

PORTS = range(42100, 42200)


@dataclass(frozen=True, slots=True)
class Reply:
    """What follows one request: bytes, and then what happens to the connection."""

    data: bytes = b""
    then: Literal["keep", "close", "reset", "hang"] = "keep"


def page(body: bytes = b"hello", *, status: str = "200 OK", more: str = "") -> bytes:
    """A whole answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


Script = tuple[tuple[Reply, ...], ...]


class Server:
    """Connection n follows part n of the script; a connection after the last is reset."""

    def __init__(self, script: Script) -> None:
        self.script = list(script)
        self.requests: list[str] = []
        self.url = ""
        self._ready, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(5)

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    async def _serve(self) -> None:
        for port in PORTS:
            with suppress(OSError):
                server = await asyncio.start_server(self._connection, "127.0.0.1", port)
                break
        self.url = f"http://127.0.0.1:{port}"
        self._ready.set()
        while not self._over.is_set():
            await asyncio.sleep(0.005)
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        replies = self.script.pop(0) if self.script else (Reply(then="reset"),)
        try:
            for reply in replies:
                await self._request(reader)
                writer.write(reply.data)
                await writer.drain()
                if reply.then == "hang":
                    await asyncio.sleep(30)
                if reply.then == "reset":
                    writer.transport.get_extra_info("socket").setsockopt(*LINGER_NONE)
                    writer.transport.abort()
                if reply.then != "keep":
                    break
        except (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _request(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = (await reader.readexactly(int(lines.get("Content-Length", 0)))).decode()
        cookie = f" [{lines['Cookie']}]" if "Cookie" in lines else ""
        self.requests.append(head.split(" HTTP")[0] + cookie + (f" {body}" if body else ""))


# SO_LINGER on, for no time: closing sends a reset instead of an end.
LINGER_NONE = (1, 13, (1).to_bytes(4, "little") + bytes(4))


@contextmanager
def serving(*script: tuple[Reply, ...]) -> Iterator[Server]:
    """Serve while the block runs."""
    server = Server(script)
    server.start()
    try:
        yield server
    finally:
        server.stop()
