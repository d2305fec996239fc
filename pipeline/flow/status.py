"""What runs now: every instance as its host, its own health page and the balancer see it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from pipeline.facts.answer import HttpAnswer, Keeping, MemberMode, ServiceState
from pipeline.facts.question import HttpGet
from pipeline.farm.instances import Instance
from pipeline.farm.layout import BALANCER
from pipeline.flow.table import table
from pipeline.flow.tls import shown
from pipeline.flow.want import Here, look
from pipeline.flow.world import World, utc
from pipeline.observe.certificate import Certificate
from pipeline.plan.supporting import supporting
from pipeline.transport.http import fetch
from pipeline.wording import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One instance, or the balancer, as it is now."""

    host: str
    name: str
    port: int
    release: str
    process: str
    keeping: Keeping
    health: str
    in_flight: int | None
    rotation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """An environment as it is now. `certificate`: the one that visitors are shown."""

    environment: str
    url: str
    lines: tuple[Line, ...]
    https: str = ""
    certificate: Certificate | None = None


def look_at(world: World) -> Status:
    """Ask all, side by side. Raises Unreachable when a host does not answer."""
    here = look(world, secrets=False)
    instances = world.inventory.instances
    with ThreadPoolExecutor(max_workers=min(16, len(instances))) as pool:
        answers = list(pool.map(lambda instance: _health(world, instance), instances))
    lines = [
        _line(world, here, instance, answer)
        for instance, answer in zip(instances, answers, strict=True)
    ]
    return Status(
        environment=world.inventory.name,
        url=world.inventory.url,
        lines=(*_front(world, here), *_supporting(world, here), *lines),
        https=world.inventory.https_url(world.inventory.environment.site.server_name),
        certificate=shown(world),
    )


def as_table(status: Status) -> str:
    """For people."""
    head = ("host", "instance", "port", "release", "process", "health", "in flight", "rotation")
    rows = [
        (
            line.host,
            line.name,
            str(line.port),
            line.release or "-",
            line.process,
            line.health,
            "-" if line.in_flight is None else str(line.in_flight),
            line.rotation,
        )
        for line in status.lines
    ]
    return f"{status.environment}: {status.url}\n{_https(status)}{table(head, rows)}"


def _https(status: Status) -> str:
    """How long the certificate lasts, in a line; nothing without HTTPS."""
    if not status.https:
        return ""
    if status.certificate is None:
        return f"{status.https}: no answer\n"
    until = status.certificate.until
    days = count((until - utc()).days, "day")
    return f"{status.https}: certificate until {until:%Y-%m-%d}, {days} left\n"


def as_dict(status: Status) -> dict[str, object]:
    """For machines."""
    shown = status.certificate
    told = (
        {
            "names": shown.names,
            "since": shown.since.isoformat(),
            "until": shown.until.isoformat(),
        }
        if shown
        else None
    )
    return {"format": 1, **asdict(status), "certificate": told}


def _health(world: World, instance: Instance) -> HttpAnswer:
    environment = world.inventory.environment
    return fetch(
        HttpGet(
            url=instance.url + environment.health.path,
            host_header=environment.site.server_name,
            timeout=environment.health.timeout,
        )
    )


def _line(world: World, here: Here, instance: Instance, answer: HttpAnswer) -> Line:
    found = here.observed.host(instance.host)
    member = here.observed.balancer.members.get(instance.name)
    running = found.running(instance.name)
    if world.inventory.environment.balancer.kind == "none":
        rotation = "no balancer"
    elif member is None:
        rotation = "unknown to the balancer" if here.observed.balancer.reachable else "-"
    else:
        broken = member.mode is MemberMode.READY and not member.usable
        rotation = "in error" if broken else member.mode.value
    return Line(
        host=instance.host,
        name=instance.name,
        port=instance.port,
        release=running.release if running else "",
        process=process(found.service(instance.name)),
        keeping=found.service(instance.name).keeping,
        health=health(answer),
        in_flight=member.in_flight if member else None,
        rotation=rotation,
    )


def _front(world: World, here: Here) -> tuple[Line, ...]:
    balancer = world.inventory.environment.balancer
    if balancer.kind == "none":
        return ()
    host = world.inventory.balancer_host
    state = here.observed.balancer
    return (
        Line(
            host=host,
            name=BALANCER,
            port=balancer.port,
            release="",
            process=process(here.observed.host(host).service(BALANCER)),
            keeping=here.observed.host(host).service(BALANCER).keeping,
            health="answers" if state.reachable else "no answer",
            in_flight=sum(member.in_flight for member in state.members.values()),
            rotation=f"{len(state.members)} members",
        ),
    )


def _supporting(world: World, here: Here) -> Iterator[Line]:
    """What the site leans on beside its instances."""
    for host, services in here.services.items():
        for service in supporting(services.values()):
            yield Line(
                host=host,
                name=service.name,
                port=service.port,
                release="",
                process=process(here.observed.host(host).service(service.name)),
                keeping=here.observed.host(host).service(service.name).keeping,
                health="-",
                in_flight=None,
                rotation="-",
            )


def process(state: ServiceState) -> str:
    """A service's process in a word; and what befell it, if anything did."""
    return "; ".join((_process(state), *_keeping(state.keeping)))


def _process(state: ServiceState) -> str:
    if state.running:
        return f"running ({state.pid})"
    if state.pid is not None:
        return f"stopping ({state.pid})"
    if state.orphans:
        return f"orphans ({', '.join(map(str, state.orphans))})"
    return "stopped; port taken" if state.port_taken else "stopped"


def _keeping(keeping: Keeping) -> Iterator[str]:
    """What the keeper has done, and what it will not do; nothing when all is as usual."""
    if keeping.restarts:
        last = f", last {keeping.last[:19].replace('T', ' ')}" if keeping.last else ""
        yield f"restarted {count(keeping.restarts, 'time')}{last}"
    if keeping.missing:
        yield "nobody keeps it"
    if keeping.returns:
        yield "starts again soon"
    if keeping.gave_up:
        yield f"gave up {keeping.gave_up.partition(':')[0]}"


def health(answer: HttpAnswer) -> str:
    """A health page's answer in a word."""
    if answer.status == 200:
        return f"ok ({answer.seconds * 1000:.0f} ms)"
    return f"failing ({answer.status})" if answer.status else "no answer"
