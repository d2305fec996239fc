"""One keep-alive HTTP/1.1 connection that is strict about what it gets. For plain http only."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn


class Reason(StrEnum):
    """Why a request counts as failed. The closed list."""

    REFUSED = "refused"  # no connection
    RESET = "reset"  # the connection ended before a byte of the answer
    CUT_HEADER = "cut header"
    CUT_BODY = "cut body"
    TIME_OUT = "time-out"
    NOT_HTTP = "not HTTP"
    STATUS = "status"
    LENGTH = "wrong length"


Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request and the answer that it must get: any other status or length is a failure."""

    method: str = "GET"
    path: str = "/"
    cookie: str = ""
    body: bytes = b""
    status: int = 200
    length: int | None = None  # bytes of the body, when they are known

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does no harm, so that a browser may do it unasked."""
        return self.method == "GET"

    def text(self, host: str) -> bytes:
        """What goes through the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", "Accept: */*"]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if self.method == "POST":
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer. Names of headers are in lower case; of equal ones the last is kept.

    `cookies` are those that it sets, by name.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Mapping[str, str] = field(default_factory=dict)


class Broken(Exception):
    """No whole answer. `stale`: on a used connection, before a byte came: a race, not a loss."""

    def __init__(self, reason: Reason, detail: str = "", *, stale: bool = False) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail, self.stale = reason, detail, stale


class Connection:
    """A connection that opens itself, stays open while the server allows it, and counts that."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._host = host if port == 80 else f"{host}:{port}"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.opened = 0

    async def ask(self, request: Request, *, seconds: float) -> Response:
        """Send and read the whole answer. Raises Broken, and is closed then."""
        found = self._streams if self._is_open() else None
        try:
            async with asyncio.timeout(seconds):
                reader, writer = found or await self._open()
                response = await self._answer(request, reader, writer, reused=found is not None)
        except TimeoutError:
            await self.close()
            raise Broken(Reason.TIME_OUT, f"after {seconds:g} s") from None
        except Broken:
            await self.close()
            raise
        if response.headers.get("connection", "").lower() == "close":
            await self.close()
        return response

    def _is_open(self) -> bool:
        """Whether nobody has closed it yet, as far as one can know before sending."""
        if self._streams is None:
            return False
        reader, writer = self._streams
        return not (reader.at_eof() or reader.exception() or writer.is_closing())

    async def close(self) -> None:
        """Let go of the connection. Nothing happens when there is none."""
        if self._streams is not None:
            _, writer = self._streams
            self._streams = None
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        await self.close()
        try:
            self._streams = await asyncio.open_connection(*self._address)
        except OSError as error:
            raise Broken(Reason.REFUSED, _said(error)) from None
        self.opened += 1
        return self._streams

    async def _answer(
        self,
        request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        reused: bool,
    ) -> Response:
        try:
            writer.write(request.text(self._host))
            await writer.drain()
            first = await reader.read(1)
        except OSError as error:
            raise Broken(Reason.RESET, _said(error), stale=reused) from None
        if not first:
            raise Broken(Reason.RESET, "closed", stale=reused)
        status, fields = await _header(first, reader)
        headers = dict(fields)
        body = await _body(status, headers, reader)
        return Response(status, headers, body, cookies=_cookies(fields))


async def _header(first: bytes, reader: asyncio.StreamReader) -> tuple[int, Fields]:
    try:
        text = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, OSError) as error:
        raise Broken(Reason.CUT_HEADER, _said(error)) from None
    except asyncio.LimitOverrunError:
        raise Broken(Reason.NOT_HTTP, "an endless header") from None
    line, *fields = text.split("\r\n")
    parts = line.split(" ", 2)
    if not line.startswith("HTTP/1.") or len(parts) < 2 or not parts[1].isdigit():
        raise Broken(Reason.NOT_HTTP, line[:60])
    pairs = (field.partition(":") for field in fields)
    return int(parts[1]), [
        (name.strip().lower(), value.strip()) for name, _, value in pairs if name
    ]


def _cookies(fields: Fields) -> dict[str, str]:
    set_by = (
        value.partition(";")[0].partition("=") for name, value in fields if name == "set-cookie"
    )
    return {name: value for name, _, value in set_by}


async def _body(status: int, headers: Mapping[str, str], reader: asyncio.StreamReader) -> bytes:
    if status in (204, 304):
        return b""
    chunked = headers.get("transfer-encoding", "").lower() == "chunked"
    try:
        if chunked:
            return await _chunks(reader)
        return await reader.readexactly(int(headers["content-length"]))
    except asyncio.IncompleteReadError as error:
        of = "" if chunked else f" of {headers['content-length']}"
        raise Broken(Reason.CUT_BODY, f"{len(error.partial)}{of} bytes") from None
    except OSError as error:
        raise Broken(Reason.CUT_BODY, _said(error)) from None
    except (KeyError, ValueError, asyncio.LimitOverrunError):
        _no_length()


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass
    return b"".join(parts)


def _no_length() -> NoReturn:
    raise Broken(Reason.NOT_HTTP, "whether the body is whole cannot be told") from None


def _said(error: Exception) -> str:
    if isinstance(error, asyncio.IncompleteReadError):
        return "closed"
    return type(error).__name__
