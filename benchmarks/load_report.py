"""What a load has seen: counts, failures one by one, and how long people waited."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from math import ceil


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One request that went wrong. `at`: seconds since the load began, when it was given up."""

    at: float
    kind: str
    request: str
    reason: str
    detail: str = ""
    release: str = ""  # in the answer, or else the last one that anybody saw

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        release = f", release {self.release}" if self.release else ""
        return f"{self.at:8.2f} s  {self.kind:6} {self.request}: {self.reason}{detail}{release}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long answers took from the request's first byte to the answer's last, in seconds."""

    p50: float
    p95: float
    p99: float
    max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One load. `seconds`: until it was told to stop; what was in flight then counts, too.

    `retried`: requests for which an idle connection had just been closed by the server; they were
    sent once more, as browsers do, and are no failures unless they failed again.
    """

    seconds: float
    answered: Mapping[str, int]  # as they should be, by kind of client
    failed: Mapping[str, int] = field(default_factory=dict)  # by reason
    failures: tuple[Failure, ...] = ()  # the first thousand
    retried: tuple[Failure, ...] = ()
    connections: int = 0
    releases: Mapping[str, int] = field(default_factory=dict)  # answers that named them
    instances: Mapping[str, int] = field(default_factory=dict)
    latencies: Mapping[str, Latency] = field(default_factory=dict)  # by kind

    @property
    def requests(self) -> int:
        """All requests, a retried one once."""
        return sum(self.answered.values()) + sum(self.failed.values())

    @property
    def rate(self) -> float:
        """Good answers in a second."""
        return sum(self.answered.values()) / self.seconds if self.seconds else 0.0

    @property
    def clean(self) -> bool:
        """Whether there was a load at all, and nothing of it failed."""
        return bool(self.requests) and not self.failed

    def as_json(self) -> dict[str, object]:
        """The report as JSON has it."""
        return {"format": 1, "rate": self.rate, **asdict(self)}

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterable[str]:
        """The report for a person."""
        yield (
            f"{self.requests} requests in {self.seconds:.1f} s, {self.rate:.1f} good answers/s, "
            f"{sum(self.failed.values())} failed, {len(self.retried)} retried, "
            f"{self.connections} connections"
        )
        for kind, latency in self.latencies.items():
            times = "  ".join(f"{name} {1000 * t:.0f} ms" for name, t in asdict(latency).items())
            yield f"  {kind:6} {self.answered[kind]:7}  {times}"
        for title, counts in (("release", self.releases), ("instance", self.instances)):
            if counts:
                yield f"  by {title}: " + ", ".join(f"{k} {n}" for k, n in sorted(counts.items()))
        for reason, count in self.failed.items():
            yield f"  {reason}: {count}"
        yield from map(str, self.failures[:20])


def latency(times: Iterable[float]) -> Latency:
    """Percentiles by nearest rank: each is a time that somebody really waited."""
    ordered = sorted(times)

    def rank(share: float) -> float:
        return ordered[max(0, ceil(share * len(ordered)) - 1)]

    return Latency(p50=rank(0.50), p95=rank(0.95), p99=rank(0.99), max=ordered[-1])
