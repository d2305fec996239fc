"""A visitor of a farm: any address, any header, HTTP or HTTPS, whoever the server is."""

import gzip
import http.client
import json
import re
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PASSWORD = "hop garden 7"


@dataclass(frozen=True, slots=True)
class Got:
    """One answer. The names of its headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        """The body as JSON, whatever its encoding."""
        body = gzip.decompress(self.body) if self.headers.get("content-encoding") else self.body
        return json.loads(body)


@dataclass(slots=True)
class Visitor:
    """Somebody at 127.0.0.5, with a jar for cookies."""

    port: int
    https: bool = False
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """What the site should take this for."""
        return f"http{'s' if self.https else ''}://localhost:{self.port}"

    def get(self, path: str, **headers: str) -> Got:
        """One GET; `_` in the name of a header is a dash."""
        return self.ask("GET", path, headers=headers)

    def ask(
        self, method: str, path: str, body: str | None = None, *, headers: dict[str, str]
    ) -> Got:
        """One request on a connection of its own."""
        at: tuple[str, int] = ("127.0.0.5", 0)
        connection: http.client.HTTPConnection
        if self.https:
            connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=30, source_address=at, context=anybody()
            )
        else:
            connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=30, source_address=at
            )
        sent = {"Host": f"localhost:{self.port}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value
        return Got(
            answer.status, {name.lower(): value for name, value in answer.getheaders()}, content
        )

    def post(self, path: str, **fields: str) -> Got:
        """Fill in the form of a page and send it, as a browser would."""
        page = self.get(path).body.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        return self.ask(
            "POST",
            path,
            urlencode({"csrfmiddlewaretoken": token[1], **fields}),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": self.origin,
                "Referer": self.origin + path,
            },
        )

    def register(self, name: str) -> None:
        """Become somebody with an account."""
        got = self.post(
            "/account/register/", username=name, password1=PASSWORD, password2=PASSWORD
        )
        assert got.status == 302, got.body


def anybody() -> ssl.SSLContext:
    """What takes any certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
