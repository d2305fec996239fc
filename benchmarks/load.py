"""A closed-loop HTTP load: many people who read, wait, and read on, while a farm is deployed.

Each client is one person with one keep-alive connection, who thinks between two requests. Kinds:

page    reads list pages, without cookies: any worker may answer
slow    asks for a slow page, over and over, and counts the bytes that come
sticky  reads them too, and keeps all cookies: one worker answers as long as it is in rotation
form    fetches a form, and posts it with its CSRF token and cookies

Standard library only. Always bounded: see LONGEST and MOST.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode, urlsplit

from benchmarks.client import Broken, Connection, Reason, Request, Response
from benchmarks.load_report import Failure, Latency, Report, latency

LONGEST = 900.0  # seconds that any load may last
MOST = 256  # clients that any load may have
KEPT = 1000  # failures that are kept one by one
PAUSE = 0.1  # seconds before a client that failed tries again
BEHIND = 1.0  # seconds that a client catches up after an answer that came late
GLANCE = 0.02  # seconds between two looks at whether to stop

Clock = Callable[[], float]

# How the example site says who answers: in the footer, in /whoami, in the slow page.
RELEASE = re.compile(rb'(?:release <strong>|"release": ")([^<"]+)')
INSTANCE = re.compile(rb'(?:Poured by <strong>|"instance": "|slept [\d.]+ s on )([\w.-]+)')
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Who comes to the site, and how often.

    `rate` is in requests per second, over all clients but the slow; None: nobody thinks.
    The `slow` clients come on top. `each`: how many requests a client makes before it leaves.
    """

    url: str
    clients: int = 24
    rate: float | None = 200.0
    slow: int = 3
    forms: int = 2
    sticky: int = 0
    pages: tuple[str, ...] = ("/", "/?page=2", "/search/?q=hops", "/ranking/")
    slow_path: str = "/slow?s=5"
    slow_length: int = 1000  # bytes
    form_path: str = "/account/register/"  # any page with a CSRF token
    form_target: str = "/starters/"  # takes the database's write lock, and changes nothing twice
    form_status: int = 302
    timeout: float = 20.0  # seconds for one request
    think: Literal["exponential", "fixed"] = "exponential"
    seed: int = 1
    each: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.thinking + self.slow <= MOST:
            raise ValueError(f"between 1 and {MOST} clients, please")
        if urlsplit(self.url).scheme != "http":
            raise ValueError(f"only http:// can be loaded, not {self.url}")

    @property
    def thinking(self) -> int:
        """How many clients think between two requests."""
        return self.clients + self.forms + self.sticky

    @property
    def period(self) -> float:
        """Mean seconds from one request of a thinking client to its next."""
        return self.thinking / self.rate if self.rate else 0.0


@dataclass(slots=True)
class Tally:
    """What was seen so far. Written by the load's own thread only."""

    clock: Clock
    began: float = 0.0
    ended: float | None = None
    answered: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    retried: list[Failure] = field(default_factory=list)
    releases: Counter[str] = field(default_factory=Counter)
    instances: Counter[str] = field(default_factory=Counter)
    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    release: str = ""
    connections: int = 0

    def good(self, kind: str, response: Response, seconds: float) -> None:
        """An answer as it should be."""
        self.answered[kind] += 1
        self.times[kind].append(seconds)
        if named := RELEASE.search(response.body):
            self.release = named[1].decode()
            self.releases[self.release] += 1
        if named := INSTANCE.search(response.body):
            self.instances[named[1].decode()] += 1

    def bad(self, kind: str, request: Request, reason: Reason, detail: str, body: bytes) -> None:
        """A failure."""
        self.failed[reason] += 1
        if len(self.failures) < KEPT:
            named = RELEASE.search(body)
            release = named[1].decode() if named else self.release
            self.failures.append(self._failure(kind, request, reason, detail, release))

    def again(self, kind: str, request: Request, broken: Broken) -> None:
        """A request that is sent once more."""
        if len(self.retried) < KEPT:
            failure = self._failure(kind, request, broken.reason, broken.detail, self.release)
            self.retried.append(failure)

    def report(self) -> Report:
        """All of it, at its end."""
        latencies: dict[str, Latency] = {k: latency(t) for k, t in sorted(self.times.items())}
        return Report(
            seconds=(self.clock() if self.ended is None else self.ended) - self.began,
            answered=dict(self.answered),
            failed=dict(self.failed),
            failures=tuple(self.failures),
            retried=tuple(self.retried),
            connections=self.connections,
            releases=dict(self.releases),
            instances=dict(self.instances),
            latencies=latencies,
        )

    def _failure(
        self, kind: str, request: Request, reason: str, detail: str, release: str
    ) -> Failure:
        return Failure(
            at=self.clock() - self.began,
            kind=kind,
            request=str(request),
            reason=str(reason),
            detail=detail,
            release=release,
        )


class Client:
    """One person. What they do next is the kind's own business."""

    kind = "page"

    def __init__(self, load: Load, tally: Tally, over: asyncio.Event, number: int) -> None:
        parts = urlsplit(load.url)
        self.load, self.tally, self.over = load, tally, over
        self.random = random.Random(f"{load.seed}/{self.kind}/{number}")
        self.connection = Connection(parts.hostname or "", parts.port or 80)
        self.period = load.period

    async def live(self) -> None:
        """Ask and think until it is over."""
        due = self.tally.clock() + self.random.random() * self.period
        done = 0
        while done != self.load.each and await self._waited_until(due):
            done += 1
            if not await self.ask(self.next()):
                await self._sleep(PAUSE)
            due = max(due + self._thought(), self.tally.clock() - BEHIND)
        self.tally.connections += self.connection.opened
        await self.connection.close()

    def next(self) -> Request:
        """The request to make now."""
        return Request(path=self.random.choice(self.load.pages))

    def learn(self, response: Response) -> None:
        """What an answer says about the next request."""

    async def ask(self, request: Request) -> bool:
        """Make one request and note how it went; whether it went well."""
        began = self.tally.clock()
        try:
            response = await self._answer(request)
        except Broken as broken:
            self.tally.bad(self.kind, request, broken.reason, broken.detail, b"")
            return False
        if problem := _problem(request, response):
            self.tally.bad(self.kind, request, *problem, response.body)
            return False
        self.tally.good(self.kind, response, self.tally.clock() - began)
        self.learn(response)
        return True

    async def _answer(self, request: Request) -> Response:
        try:
            return await self.connection.ask(request, seconds=self.load.timeout)
        except Broken as broken:
            if not (broken.stale and request.repeatable):
                raise
            self.tally.again(self.kind, request, broken)
            return await self.connection.ask(request, seconds=self.load.timeout)

    def _thought(self) -> float:
        if not self.period:
            return 0.0
        if self.load.think == "fixed":
            return self.period * self.random.uniform(0.5, 1.5)
        return self.random.expovariate(1 / self.period)

    async def _waited_until(self, due: float) -> bool:
        await self._sleep(due - self.tally.clock())
        return not self.over.is_set()

    async def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.over.wait(), seconds)


class Slow(Client):
    """Somebody with a request in flight whenever a worker stops."""

    kind = "slow"

    def __init__(self, load: Load, tally: Tally, over: asyncio.Event, number: int) -> None:
        super().__init__(load, tally, over, number)
        self.period = 0.0

    def next(self) -> Request:
        return Request(path=self.load.slow_path, length=self.load.slow_length)


class Sticky(Client):
    """Somebody who keeps every cookie, that of the balancer among them."""

    kind = "sticky"

    def __init__(self, load: Load, tally: Tally, over: asyncio.Event, number: int) -> None:
        super().__init__(load, tally, over, number)
        self.cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        """The cookies as a request carries them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def next(self) -> Request:
        return Request(path=self.random.choice(self.load.pages), cookie=self.cookie)

    def learn(self, response: Response) -> None:
        self.cookies.update(response.cookies)


class Form(Sticky):
    """Somebody who fills in a form: what they send must arrive once."""

    kind = "form"
    token = ""

    def next(self) -> Request:
        if not self.token:
            return Request(path=self.load.form_path, cookie=self.cookie)
        body = urlencode({"csrfmiddlewaretoken": self.token}).encode()
        self.token = ""
        return Request(
            method="POST",
            path=self.load.form_target,
            cookie=self.cookie,
            body=body,
            status=self.load.form_status,
        )

    def learn(self, response: Response) -> None:
        super().learn(response)
        if found := TOKEN.search(response.body):
            self.token = found[1].decode()


class Running:
    """A load on its way, in a thread of its own."""

    def __init__(self, load: Load, stop: threading.Event, clock: Clock) -> None:
        self._tally = Tally(clock)
        self._report: Report | None = None
        self._thread = threading.Thread(target=self._work, args=(load, stop), name="load")
        self._error: BaseException | None = None

    @property
    def report(self) -> Report:
        """What was seen. Only when the block has ended."""
        if self._report is None:
            raise self._error or RuntimeError("the load is still running: ask after the block")
        return self._report

    @property
    def answered(self) -> int:
        """Good answers so far."""
        return sum(self._tally.answered.values())

    def by(self, instance: str) -> int:
        """Good answers so far that named this instance as their maker."""
        return self._tally.instances[instance]

    def start(self, *, warm: int) -> None:
        """Begin, and return when `warm` requests were answered; RuntimeError if none come."""
        self._thread.start()
        deadline = time.monotonic() + 30
        while self.answered < warm:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError(f"no load: {self._tally.report()}")
            time.sleep(GLANCE)

    def join(self) -> None:
        """Wait until the last request has its answer."""
        self._thread.join()

    def _work(self, load: Load, stop: threading.Event) -> None:
        try:
            self._report = asyncio.run(_run(load, stop, self._tally))
        except BaseException as error:  # told to whoever asks for the report
            self._error = error


def run(load: Load, stop: float | threading.Event, *, clock: Clock = time.monotonic) -> Report:
    """Load the site for some seconds, or until `stop` is set by another thread.

    Requests that are in flight then are waited for: each has its own time-out.
    """
    return asyncio.run(_run(load, stop, Tally(clock)))


@contextmanager
def under(load: Load, *, warm: int = 1, clock: Clock = time.monotonic) -> Iterator[Running]:
    """Load the site while the block runs. The `report` is there when the block has ended.

    The block begins when `warm` requests were answered as they should be.
    """
    stop = threading.Event()
    running = Running(load, stop, clock)
    try:
        running.start(warm=warm)
        yield running
    finally:
        stop.set()
        running.join()


def ceiling(url: str, seconds: float = 5.0, *, clients: int = 16) -> float:
    """Good answers in a second when nobody thinks: the most that the box can do with us on it."""
    return run(Load(url=url, clients=clients, rate=None, slow=0, forms=0), seconds).rate


async def _run(load: Load, stop: float | threading.Event, tally: Tally) -> Report:
    tally.began = tally.clock()
    over = asyncio.Event()
    kinds: tuple[tuple[type[Client], int], ...]
    kinds = (
        (Client, load.clients),
        (Slow, load.slow),
        (Form, load.forms),
        (Sticky, load.sticky),
    )
    clients = [kind(load, tally, over, n) for kind, count in kinds for n in range(count)]
    watch = asyncio.create_task(_watch(stop, over, tally))
    try:
        await asyncio.gather(*(client.live() for client in clients))
    finally:
        watch.cancel()
    return tally.report()


async def _watch(stop: float | threading.Event, over: asyncio.Event, tally: Tally) -> None:
    now = asyncio.get_running_loop().time
    limit = LONGEST if isinstance(stop, threading.Event) else min(stop, LONGEST)
    deadline = now() + limit
    while now() < deadline and not (isinstance(stop, threading.Event) and stop.is_set()):
        await asyncio.sleep(min(GLANCE, max(0.0, deadline - now())))
    tally.ended = tally.clock()
    over.set()


def _problem(request: Request, response: Response) -> tuple[Reason, str] | None:
    if response.status != request.status:
        return Reason.STATUS, str(response.status)
    if request.length is not None and len(response.body) != request.length:
        return Reason.LENGTH, f"{len(response.body)} bytes, not {request.length}"
    return None


def main() -> int:
    """The command line. Exit code 1 when anything failed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--url", required=True, help="http://HOST:PORT")
    options.add_argument("--clients", type=int, default=24, help="readers of pages")
    options.add_argument("--rate", type=float, default=200, help="requests/s; 0: nobody thinks")
    options.add_argument("--seconds", type=float, default=20, help=f"at most {LONGEST:g}")
    options.add_argument("--slow", type=int, default=3, help="clients of /slow")
    options.add_argument("--sticky", type=int, default=0, help="readers who keep cookies")
    options.add_argument("--forms", type=int, default=2, help="clients that post")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", action="store_true", help="the report as JSON")
    options.add_argument("--ceiling", action="store_true", help="only measure the highest rate")
    given = options.parse_args()
    if given.ceiling:
        print(f"{ceiling(given.url, given.seconds):.1f} requests/s")
        return 0
    load = Load(
        url=given.url,
        clients=given.clients,
        rate=given.rate or None,
        slow=given.slow,
        forms=given.forms,
        sticky=given.sticky,
        seed=given.seed,
    )
    report = run(load, given.seconds)
    print(json.dumps(report.as_json(), indent=1) if given.json else report)
    return 0 if report.clean else 1


if __name__ == "__main__":
    sys.exit(main())
