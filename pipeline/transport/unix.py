"""A word to a program behind a unix socket of this machine, and its answer."""

import socket
import sys
import time
from contextlib import closing

from pipeline.errors import Unreachable

LIMIT = 4 * 1024 * 1024  # bytes of an answer

if sys.platform == "win32":

    def ask(path: str, words: str, *, timeout: float) -> str:
        """There are none on Windows: raises `Unreachable`."""
        raise Unreachable("no unix sockets here", where=path, advice="deploy from a Linux host")

else:

    def ask(path: str, words: str, *, timeout: float) -> str:
        """Send a line and read until the other side closes, within `timeout` seconds, all told.

        Raises `Unreachable` with the reason.
        """
        end = time.monotonic() + timeout
        try:
            with closing(socket.socket(socket.AF_UNIX)) as way:
                way.settimeout(timeout)
                way.connect(path)
                way.sendall(f"{words}\n".encode())
                return _answer(way, end).decode(errors="replace")
        except OSError as error:
            reason = "timed out" if isinstance(error, TimeoutError) else error.strerror
            raise Unreachable(
                (reason or str(error)).lower(),
                where=path,
                advice="does it run, and may you use its socket?",
            ) from error

    def _answer(way: socket.socket, end: float) -> bytes:
        heard = b""
        while len(heard) < LIMIT:
            way.settimeout(max(end - time.monotonic(), 0.001))
            piece = way.recv(65536)
            if not piece:
                break
            heard += piece
        return heard
