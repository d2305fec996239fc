"""Each way to lose a request is counted, and nothing else is. The clock stands still."""

import threading

import pytest

from benchmarks.load import Load, ceiling, run, under
from benchmarks.load_report import Failure, Latency, Report
from tests.benchmarks.server import Reply, page, serving

NO_TIME = Latency(p50=0.0, p95=0.0, p99=0.0, max=0.0)
GOOD = Reply(page())


def one(url: str, *, each: int = 1, timeout: float = 5.0, rate: float | None = None) -> Load:
    """One reader of one page."""
    return Load(
        url=url,
        clients=1,
        slow=0,
        forms=0,
        each=each,
        rate=rate,
        pages=("/",),
        timeout=timeout,
        think="fixed",
    )


def seen(load: Load) -> Report:
    return run(load, 20, clock=lambda: 0.0)


def lost(reason: str, detail: str, *, release: str = "", request: str = "GET /") -> Failure:
    kinds = {"GET /": "page", "GET /slow?s=5": "slow"}
    return Failure(
        at=0.0,
        kind=kinds.get(request, "form"),
        request=request,
        reason=reason,
        detail=detail,
        release=release,
    )


@pytest.mark.parametrize(
    ("reply", "reason", "detail"),
    [
        (Reply(page()[:-2], "close"), "cut body", "3 of 5 bytes"),
        (Reply(page()[:-2], "reset"), "cut body", "ConnectionResetError"),
        (Reply(page()[:20], "close"), "cut header", "closed"),
        (Reply(page()[:20], "reset"), "cut header", "ConnectionResetError"),
        (Reply(b"", "close"), "reset", "closed"),
        (Reply(b"", "reset"), "reset", "ConnectionResetError"),
        (Reply(b"", "hang"), "time-out", "after 0.3 s"),
        (Reply(page()[:20], "hang"), "time-out", "after 0.3 s"),
        (Reply(page()[:-2], "hang"), "time-out", "after 0.3 s"),
        (Reply(page(status="503 Service Unavailable")), "status", "503"),
        (Reply(page(status="404 Not Found")), "status", "404"),
        (Reply(page(status="302 Found")), "status", "302"),
        (Reply(b"SSH-2.0-OpenSSH\r\n\r\n"), "not HTTP", "SSH-2.0-OpenSSH"),
        (
            Reply(b"HTTP/1.1 200 OK\r\n\r\nhello", "close"),
            "not HTTP",
            "whether the body is whole cannot be told",
        ),
        (
            Reply(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "close"),
            "cut body",
            "3 bytes",
        ),
        (
            Reply(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "close"),
            "cut body",
            "0 bytes",
        ),
    ],
)
def test_a_lost_request_on_a_fresh_connection_is_a_failure(
    reply: Reply, reason: str, detail: str
) -> None:
    with serving((reply,)) as server:
        report = seen(one(server.url, timeout=0.3))
    assert report == Report(
        seconds=0.0,
        answered={},
        failed={reason: 1},
        failures=(lost(reason, detail),),
        connections=1,
    )


def test_nobody_there_is_a_failure() -> None:
    with serving() as server:
        url = server.url
    assert seen(one(url)) == Report(
        seconds=0.0,
        answered={},
        failed={"refused": 1},
        failures=(lost("refused", "ConnectionRefusedError"),),
    )


def test_whole_answers_on_one_connection() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked = head + b"3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n"
    with serving((GOOD, Reply(chunked), GOOD)) as server:
        report = seen(one(server.url, each=3))
    assert report == Report(
        seconds=0.0, answered={"page": 3}, connections=1, latencies={"page": NO_TIME}
    )


@pytest.mark.parametrize(
    ("then", "detail"), [("close", "closed"), ("reset", "ConnectionResetError")]
)
def test_an_idle_connection_that_ends_under_a_get_is_tried_once_more(
    then: str, detail: str
) -> None:
    ends = Reply(b"", "close" if then == "close" else "reset")
    with serving((GOOD, ends), (GOOD,)) as server:
        report = seen(one(server.url, each=2))
    assert report == Report(
        seconds=0.0,
        answered={"page": 2},
        retried=(lost("reset", detail),),
        connections=2,
        latencies={"page": NO_TIME},
    )


def test_once_more_is_once() -> None:
    with serving((GOOD, Reply(b"", "close")), (Reply(b"", "close"),)) as server:
        report = seen(one(server.url, each=2))
    assert report == Report(
        seconds=0.0,
        answered={"page": 1},
        failed={"reset": 1},
        failures=(lost("reset", "closed"),),
        retried=(lost("reset", "closed"),),
        connections=2,
        latencies={"page": NO_TIME},
    )


def test_a_cut_answer_on_a_used_connection_is_a_failure() -> None:
    with serving((GOOD, Reply(page()[:-1], "close"))) as server:
        report = seen(one(server.url, each=2))
    assert report == Report(
        seconds=0.0,
        answered={"page": 1},
        failed={"cut body": 1},
        failures=(lost("cut body", "4 of 5 bytes"),),
        connections=1,
        latencies={"page": NO_TIME},
    )


@pytest.mark.parametrize("last", [Reply(page(), "close"), Reply(page(), "reset")])
def test_a_connection_that_is_seen_to_have_ended_is_opened_anew(last: Reply) -> None:
    with serving((last,), (GOOD,)) as server:
        report = seen(one(server.url, each=2, rate=5))
    assert report == Report(
        seconds=0.0, answered={"page": 2}, connections=2, latencies={"page": NO_TIME}
    )


def test_a_server_may_say_that_it_closes() -> None:
    with serving((Reply(page(more="Connection: close\r\n")),), (GOOD,)) as server:
        report = seen(one(server.url, each=2))
    assert report == Report(
        seconds=0.0, answered={"page": 2}, connections=2, latencies={"page": NO_TIME}
    )


def test_a_slow_page_must_have_all_its_bytes() -> None:
    slept = b"slept 5 s on www_2, process 7".ljust(1000, b".")
    with serving((Reply(page(slept)), Reply(page(slept[:-1])))) as server:
        report = seen(Load(url=server.url, clients=0, slow=1, forms=0, each=2))
    assert report == Report(
        seconds=0.0,
        answered={"slow": 1},
        failed={"wrong length": 1},
        failures=(lost("wrong length", "999 bytes, not 1000", request="GET /slow?s=5"),),
        connections=1,
        instances={"www_2": 1},
        latencies={"slow": NO_TIME},
    )


FORM = Reply(
    page(
        b'<input type="hidden" name="csrfmiddlewaretoken" value="T1">',
        more="Set-Cookie: csrftoken=C1; Path=/\r\n",
    )
)
POSTED = Reply(page(b"", status="302 Found"))


def form(url: str, each: int) -> Load:
    return Load(url=url, clients=0, slow=0, forms=1, each=each, rate=None)


def test_a_form_is_fetched_and_posted_with_its_token_and_cookie() -> None:
    with serving((FORM, POSTED, FORM)) as server:
        report = seen(form(server.url, each=3))
        assert server.requests == [
            "GET /account/register/",
            "POST /starters/ [csrftoken=C1] csrfmiddlewaretoken=T1",
            "GET /account/register/ [csrftoken=C1]",
        ]
    assert report == Report(
        seconds=0.0, answered={"form": 3}, connections=1, latencies={"form": NO_TIME}
    )


@pytest.mark.parametrize(
    ("reply", "reason", "detail"),
    [
        (Reply(b"", "close"), "reset", "closed"),
        (Reply(page(status="403 Forbidden")), "status", "403"),
        (Reply(page()), "status", "200"),
    ],
)
def test_a_post_is_never_sent_twice(reply: Reply, reason: str, detail: str) -> None:
    with serving((FORM, reply)) as server:
        report = seen(form(server.url, each=2))
    assert report == Report(
        seconds=0.0,
        answered={"form": 1},
        failed={reason: 1},
        failures=(lost(reason, detail, request="POST /starters/"),),
        connections=1,
        latencies={"form": NO_TIME},
    )


def test_answers_say_which_release_and_instance_gave_them() -> None:
    footer = b"Poured by <strong>www_1</strong>, process 9, release <strong>default-a1-1</strong>"
    whoami = b'{"release": "default-b2-1", "instance": "www_2", "pid": 8}'
    broken = page(whoami, status="500 Internal Server Error")
    with serving((Reply(page(footer)), Reply(page(whoami)), Reply(broken))) as server:
        report = seen(one(server.url, each=3))
    assert report == Report(
        seconds=0.0,
        answered={"page": 2},
        failed={"status": 1},
        failures=(lost("status", "500", release="default-b2-1"),),
        connections=1,
        releases={"default-a1-1": 1, "default-b2-1": 1},
        instances={"www_1": 1, "www_2": 1},
        latencies={"page": NO_TIME},
    )


def test_a_failure_without_an_answer_names_the_last_release_seen() -> None:
    with serving((Reply(page(b"release <strong>default-a1-1<")), Reply(b"", "hang"))) as server:
        report = seen(one(server.url, each=2, timeout=0.2))
    assert report.failures == (lost("time-out", "after 0.2 s", release="default-a1-1"),)


def many(count: int) -> tuple[tuple[Reply, ...], ...]:
    return ((GOOD,) * count,)


def test_thinking_keeps_the_rate() -> None:
    with serving(*many(1000), *many(1000), *many(1000), *many(1000)) as server:
        load = Load(url=server.url, clients=4, slow=0, forms=0, rate=100)
        report = run(load, 1.5)
    assert report.clean
    assert 70 < report.rate < 130


def test_nobody_thinks_at_the_ceiling() -> None:
    with serving(*(many(5000) * 2)) as server:
        assert ceiling(server.url, 0.5, clients=2) > 200


def test_a_load_ends_when_it_is_told() -> None:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with serving(*many(1000)) as server:
        report = run(Load(url=server.url, clients=1, slow=0, forms=0, rate=20), stop)
    assert 0.1 < report.seconds < 2


def test_a_block_runs_under_load() -> None:
    with serving(*many(1000)) as server:
        load = Load(url=server.url, clients=1, slow=0, forms=0, rate=50)
        with under(load, warm=3) as running:
            assert running.answered >= 3
            with pytest.raises(RuntimeError, match="still running"):
                _ = running.report
    assert running.report.clean
    assert running.report.requests >= 3


def test_a_load_that_nobody_answers_is_no_load() -> None:
    with serving() as server:
        url = server.url
    with (
        pytest.raises(RuntimeError, match=r"no load: 1 requests[^$]*refused: 1"),
        under(one(url), warm=1),
    ):
        pytest.fail("the block must not run")


@pytest.mark.parametrize("wrong", [{"clients": 300}, {"url": "https://localhost"}])
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"please|only http"):
        Load(**({"url": "http://localhost"} | wrong))  # type: ignore[arg-type]


def test_a_report_for_people() -> None:
    report = Report(
        seconds=10.0,
        answered={"page": 1998},
        failed={"status": 1, "reset": 1},
        failures=(
            Failure(at=3.25, kind="page", request="GET /", reason="status", detail="503"),
            Failure(at=4.0, kind="form", request="POST /x", reason="reset", release="r-1"),
        ),
        connections=24,
        releases={"b": 1000, "a": 998},
        latencies={"page": Latency(p50=0.004, p95=0.01, p99=0.02, max=0.3)},
    )
    assert str(report) == (
        "2000 requests in 10.0 s, 199.8 good answers/s, 2 failed, 0 retried, 24 connections\n"
        "  page      1998  p50 4 ms  p95 10 ms  p99 20 ms  max 300 ms\n"
        "  by release: a 998, b 1000\n"
        "  status: 1\n"
        "  reset: 1\n"
        "    3.25 s  page   GET /: status (503)\n"
        "    4.00 s  form   POST /x: reset, release r-1"
    )
