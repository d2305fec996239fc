"""What visitors get through either balancer, and what they cannot make the site believe."""

import base64
import gzip
import hashlib
import re
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.observe.pem import read_der, self_signed
from tests.live.farm import Farm, Kind, farm_of, wait_for
from tests.live.visitor import Visitor

pytestmark = pytest.mark.live

MEBIBYTE = 1024 * 1024
MORE = """
[[balancer.rewrites]]
path = '^/old/([a-z ]+)/(\\d+)$'
to = "/recipes/$2/?from=$1"
code = 308

[[balancer.rewrites]]
path = '^/me$'
to = "/whoami"
code = 0
"""
SPOOFED = {
    "X_Forwarded_For": "6.6.6.6",
    "X_Forwarded_Host": "evil.example",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Port": "443",
    "X_Forwarded_Server": "evil.example",
    "X_Real_IP": "6.6.6.6",
    "Forwarded": "for=6.6.6.6;proto=https;host=evil.example",
    "X_Sendfile": "/etc/passwd",
}


@pytest.fixture(scope="module", params=["apache", "haproxy"])
def site(request: pytest.FixtureRequest, built: Farm) -> Iterator[Farm]:
    """A farm with all that a balancer can do, behind either."""
    kind: Kind = request.param
    with farm_of(like=built, kind=kind, instances=2) as farm:
        file = farm.project / "environments" / "local.toml"
        text = (
            file.read_text()
            .replace("hsts = 0 ", "hsts = 600 ")
            .replace("gzip = true ", "sticky = true\ngzip = true ")
        )
        text = text.replace('"{root}/data/files"]', '"{root}/data/files/1"]')
        file.write_text(text.replace("rotate_size = 10 ", "rotate_size = 1 ") + MORE)
        farm.must("deploy", "--env", "local", "--rev", "v1")
        ann, ben = (Visitor(farm.port) for _ in "ab")
        ann.register("ann")
        ben.register("ben")
        for number in (1, 2):
            folder = farm.root / "data" / "files" / str(number)
            folder.mkdir(parents=True)
            (folder / "Kölsch №1.bin").write_bytes(bytes(range(256)) * 4096)
        yield farm


@pytest.fixture(params=[False, True], ids=["http", "https"])
def visitor(request: pytest.FixtureRequest, site: Farm) -> Visitor:
    return Visitor(site.tls_port if request.param else site.port, https=request.param)


def log_in(visitor: Visitor, name: str) -> Visitor:
    got = visitor.post("/account/login/", username=name, password="hop garden 7")
    assert got.status == 302
    return visitor


def test_the_site_knows_how_it_was_asked_and_by_whom(visitor: Visitor) -> None:
    said = visitor.get("/seen?a=1").said
    assert {key: said[key] for key in ("scheme", "secure", "url", "host", "address")} == {
        "scheme": "https" if visitor.https else "http",
        "secure": visitor.https,
        "url": f"{visitor.origin}/seen?a=1",
        "host": f"localhost:{visitor.port}",
        "address": "127.0.0.5",
    }


def test_what_a_visitor_says_about_himself_is_not_believed(visitor: Visitor) -> None:
    said = visitor.get("/seen", **SPOOFED).said
    assert (said["secure"], said["address"]) == (visitor.https, "127.0.0.5")
    assert said["url"] == f"{visitor.origin}/seen"
    assert "6.6.6.6" not in str(said)
    assert "evil.example" not in str(said)


def test_a_page_can_be_of_somebody_with_a_password(visitor: Visitor) -> None:
    basic = "Basic " + base64.b64encode(b"ann:secret").decode()
    assert visitor.get("/seen", Authorization=basic).said["headers"]["Authorization"] == basic


def test_a_private_file_is_djangos_to_give_and_apaches_to_send(
    site: Farm, visitor: Visitor
) -> None:
    path = "/cellar/files/K%C3%B6lsch%20%E2%84%961.bin"
    assert visitor.get(path).headers["location"].startswith("/account/login/")
    log_in(visitor, "ann")
    got = visitor.get(path)
    content = (site.root / "data/files/1/Kölsch №1.bin").read_bytes()
    assert (got.status, hashlib.sha256(got.body).digest()) == (
        200,
        hashlib.sha256(content).digest(),
    )
    assert got.headers["content-length"] == str(len(content))
    assert got.headers["cache-control"] == "private, no-store"
    assert "x-sendfile" not in got.headers
    part = visitor.get(path, Range="bytes=100-299")
    assert (part.status, part.body) == (206, content[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(content)}"


def test_a_file_elsewhere_is_not_sent_even_if_the_site_says_so(visitor: Visitor) -> None:
    got = log_in(visitor, "ben").get("/cellar/files/K%C3%B6lsch%20%E2%84%961.bin")
    assert got.status == 404
    assert "x-sendfile" not in got.headers
    assert b"data/files" not in got.body


def test_text_is_compressed_for_those_who_take_it(visitor: Visitor) -> None:
    plain, packed = visitor.get("/"), visitor.get("/", Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert b"Homebrew" in gzip.decompress(packed.body)
    style = re.search(r"/static/recipes/style\.[0-9a-f]{12}\.css", plain.body.decode())
    assert style
    css = visitor.get(style[0], Accept_Encoding="gzip")
    assert (css.headers["content-encoding"], css.headers["cache-control"]) == (
        "gzip",
        "public, max-age=31536000, immutable",
    )
    log_in(visitor, "ann")
    file = visitor.get("/cellar/files/K%C3%B6lsch%20%E2%84%961.bin", Accept_Encoding="gzip")
    assert "content-encoding" not in file.headers


def test_static_files_say_how_long_they_last_and_are_not_sent_twice(visitor: Visitor) -> None:
    got = visitor.get("/static/recipes/style.css")
    assert (got.headers["cache-control"], got.headers["content-type"]) == (
        "no-cache",
        "text/css; charset=utf-8",
    )
    again = visitor.get(
        "/static/recipes/style.css", If_None_Match=got.headers["etag"], Accept_Encoding="gzip"
    )
    assert (again.status, again.body) == (304, b"")


def test_the_promise_of_https_is_made_there_only(visitor: Visitor) -> None:
    for path in ("/", "/static/recipes/style.css", "/nowhere"):
        promise = visitor.get(path).headers.get("strict-transport-security")
        assert promise == ("max-age=600" if visitor.https else None)


def test_a_visitor_stays_with_one_instance(visitor: Visitor) -> None:
    first = visitor.get("/whoami").said["instance"]
    assert {visitor.get("/whoami").said["instance"] for _ in range(8)} == {first}
    strangers = (Visitor(visitor.port, https=visitor.https) for _ in range(40))
    assert len({stranger.get("/whoami").said["instance"] for stranger in strangers}) == 2


def test_addresses_are_rewritten(visitor: Visitor) -> None:
    got = visitor.get("/old/porter/7")
    assert (got.status, got.headers["location"]) == (
        308,
        f"{visitor.origin}/recipes/7/?from=porter",
    )
    assert visitor.get("/me").said["instance"] in {"www_1", "www_2"}
    assert visitor.get("/old/porter/x").status == 404


def test_logs_are_rotated_and_no_line_is_lost(site: Farm) -> None:
    visitor, requests = Visitor(site.port), 2600
    marks = [f"/static/nothing-{number:05}-{'x' * 900}" for number in range(requests)]
    threads = [
        threading.Thread(target=lambda n=n: [visitor.get(path) for path in marks[n::4]])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    folder = site.root / "balancer" / "log"

    def found() -> list[str]:
        text = b"".join(file.read_bytes() for file in sorted(folder.glob("access.log*")))
        return re.findall(r"nothing-(\d{5})", text.decode(errors="replace"))

    wait_for(lambda: len(found()) == requests)
    assert sorted(found()) == [f"{number:05}" for number in range(requests)]
    files = sorted(folder.glob("access.log*"))
    assert [file.name for file in files][:3] == ["access.log", "access.log.1", "access.log.2"]
    assert max(file.stat().st_size for file in files) < 1.5 * MEBIBYTE


def test_a_new_certificate_takes_a_deploy_and_no_visitor_notices(site: Farm) -> None:
    pem = site.project / "site.pem"
    pem.touch(mode=0o600)
    pem.write_bytes(self_signed(["localhost"], datetime.now(UTC) - timedelta(days=1)))
    before = {name: line["process"] for name, line in site.status().items()}
    failed: list[object] = []
    served = 0
    over = threading.Event()

    def visit() -> None:
        nonlocal served
        visitor = Visitor(site.tls_port, https=True)
        while not over.is_set():
            try:
                got = visitor.get("/whoami")
                if got.status != 200:
                    failed.append(got)
                served += 1
            except OSError as problem:
                failed.append(problem)

    thread = threading.Thread(target=visit)
    thread.start()
    try:
        setting = ("--set", "balancer.tls.certificate=file:site.pem")
        answer = site.must("deploy", "--env", "local", "--rev", "v1", *setting)
        again = site.must("deploy", "--env", "local", "--rev", "v1", *setting)
    finally:
        over.set()
        thread.join()
    assert failed == []
    assert served > 20
    assert "1 service reloaded" in answer.out
    assert "Nothing to do." in again.out
    shown = ssl.get_server_certificate(("127.0.0.1", site.tls_port))
    made = read_der(ssl.PEM_cert_to_DER_cert(shown))
    assert made.until.date() == (datetime.now(UTC) + timedelta(days=364)).date()
    status = site.invoke("status", "--env", "local", *setting).out
    assert f"https://localhost:{site.tls_port}/: certificate until {made.until:%Y-%m-%d}" in status
    assert {name: line["process"] for name, line in site.status().items()} == before
