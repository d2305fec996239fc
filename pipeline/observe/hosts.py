"""Ask every host for what a plan depends on, all hosts side by side."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.command import command
from pipeline.errors import FarmhandError
from pipeline.facts.answer import ServiceState
from pipeline.facts.host import CURRENT, HostFacts, UnreachableHost, of_trees, questions
from pipeline.facts.question import Service
from pipeline.farm.layout import Layout
from pipeline.secret import Secret, SecretRef
from pipeline.services.control import control
from pipeline.transport.base import Transport

ENTER = 'for path; do [ -x "$path" ] || { echo "$path"; exit; }; done'
SIDE_BY_SIDE = 8  # questions to one host at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class HostToAsk:
    """What must be known to ask one host: how to reach it, and what should be there.

    `secrets`: service -> what its secret file should say; without any, no such file is looked at.
    """

    name: str
    transport: Transport
    layout: Layout
    user: str
    folders: tuple[str, ...]
    services: Mapping[str, Service]
    secrets: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def observe_hosts(hosts: Iterable[HostToAsk]) -> dict[str, HostFacts | UnreachableHost]:
    """The facts of each host."""
    hosts = tuple(hosts)
    with ThreadPoolExecutor(max_workers=max(1, min(16, len(hosts)))) as pool:
        found = pool.map(_observe, hosts)
        return {host.name: facts for host, facts in zip(hosts, found, strict=True)}


def secret_text(secrets: Mapping[str, Secret], form: Literal["json", "pem"] = "json") -> bytes:
    """The content of a secret file: a JSON object, sorted; or all parts of a PEM as they come."""
    if form == "pem":
        return "".join(f"{secret.value.strip()}\n" for secret in secrets.values()).encode()
    values = {name: secret.value for name, secret in sorted(secrets.items())}
    return json.dumps(values, sort_keys=True, indent=1).encode()


def resolved(
    references: Mapping[str, SecretRef], resolve: Callable[[SecretRef], Secret]
) -> dict[str, Secret]:
    """Each secret by name. Raises CheckFailed, naming the reference, when one cannot be had."""
    return {name: resolve(reference) for name, reference in references.items()}


def _observe(host: HostToAsk) -> HostFacts | UnreachableHost:
    try:
        return _facts(host)
    except FarmhandError as problem:
        return UnreachableHost(host.name, str(problem))


def _facts(host: HostToAsk) -> HostFacts:
    way, layout = host.transport, host.layout
    texts, marks = (
        way.tree(ask.path, ask.patterns, contents=ask.contents) for ask in questions(layout.root)
    )
    clean_texts, clean_marks = of_trees(texts, marks)
    key = way.read(layout.secret_key)
    facts = HostFacts(
        name=host.name,
        closed=_closed(host),
        user_exists=not host.user or way.run(command("id", "-u", host.user)).exit_code == 0,
        folders=frozenset(f for f in host.folders if way.exists(layout.path(f))),
        texts=clean_texts,
        marks=clean_marks,
        services=_services(host),
    )
    asked = {*host.secrets, *facts.instances} if host.secrets else ()
    secrets = {
        name: _secret(way.read(layout.secret_file(name)), host.secrets.get(name), key)
        for name in asked
    }
    return replace(facts, secrets=secrets)


def _closed(host: HostToAsk) -> str:
    """The first folder on the way to the root that the site's user may not enter."""
    if not host.user:
        return ""
    here = [path for path in host.layout.ancestors() if host.transport.exists(path)]
    asked = ("runuser", "-u", host.user, "--", "sh", "-c", ENTER, "farmhand", *here)
    return host.transport.run(command(*asked)).out.strip()


def _secret(found: bytes | None, wanted: bytes | None, key: bytes | None) -> str:
    if found is None:
        return ""
    if wanted is not None and hmac.compare_digest(found, wanted):
        return CURRENT
    return hmac.new(key or b"", found, hashlib.sha256).hexdigest() if key else "another"


def _services(host: HostToAsk) -> dict[str, ServiceState]:
    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        asked = host.services.values()
        states = pool.map(lambda service: control(service).status(service, host.transport), asked)
        return dict(zip(host.services, states, strict=True))
