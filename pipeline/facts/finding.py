"""What a look at a machine has found: what is there, what is missing, and how to get it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.errors import CheckFailed
from pipeline.facts.packages import Family, install
from pipeline.facts.software import ABSENT, Offer, offer, software
from pipeline.farm.inventory import Host

State = Literal["ok", "missing", "unused"]

# What only some farms need, and what says that one does.
OPTIONAL = {
    "haproxy": 'balancer.kind = "haproxy"',
    "memcached": "hosts.*.memcached",
    "rotatelogs": "logs that are rotated",
    "mod_xsendfile": "downloads that Apache sends",
}
NAMES = {"apache": "Apache", "haproxy": "HAProxy", "hg": "hg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing about one place. `unused` is what is not there, and not needed there either.

    `cure` is what to do about what is missing, if possible what to type.
    """

    place: str
    what: str
    state: State
    said: str
    cure: str = ""


def of_software(
    answer: str, host: Host | None, place: str, needs: Collection[str], family: Family | None
) -> Iterator[Finding]:
    """What a host has of the programs that run a farm. Without `host`, none of them is needed."""
    there = offer(answer)
    needed = {*needs, *(("apache", "mod_wsgi") if host else ())}
    versions = _versions(there)
    for name in ("apache", "mod_wsgi", *OPTIONAL):
        what = NAMES.get(name, name)
        if name in versions:
            yield Finding(place=place, what=what, state="ok", said=versions[name])
        elif name in needed:
            cure = install(name, family)
            yield Finding(place=place, what=what, state="missing", said="not found", cure=cure)
        else:
            for_what = OPTIONAL.get(name, "a farm on this machine")
            said = f"not found; only for {for_what}"
            yield Finding(place=place, what=what, state="unused", said=said)
    if host and versions.keys() >= {"apache", "mod_wsgi"}:
        yield _fitting(answer, host, place, needs)


def _versions(there: Offer) -> dict[str, str]:
    """The programs that are there and can be used, each in the words that stand for it."""
    found = {name: path for name, path in there.others.items() if path}
    for path, version in reversed([row for row in there.haproxies if row[1]]):
        found["haproxy"] = f"{version} ({path})"
    for module in reversed([each for each in there.modules if each.library != ABSENT]):
        built = f"for Python {module.python} " if module.python else ""
        found["mod_wsgi"] = f"{built}({module.path})"
    for apache in reversed(there.apaches):
        if apache.version.startswith("2.4.") and apache.modules:
            found["apache"] = f"{apache.version} ({apache.path})"
    return found


def _fitting(answer: str, host: Host, place: str, needs: Collection[str]) -> Finding:
    """Whether Apache, mod_wsgi and a Python fit together, with what the inventory pins."""
    what = "fit together"
    try:
        chosen = software(answer, wanted=host, name="")
    except CheckFailed as problem:
        return Finding(
            place=place, what=what, state="missing", said=problem.what, cure=problem.advice
        )
    said = f"with Python {chosen.python_version} ({chosen.python})"
    return Finding(place=place, what=what, state="ok", said=said)
