"""Apache's balancer-manager page in XML (`?xml=1`): how to read it. Pure.

The facts are those of modules/proxy/mod_proxy_balancer.c, httpd 2.4: a status is a line of words,
`Drn` drains (new clients go elsewhere, clients with a cookie still come), `Dis` is disabled
(nobody comes), and `Ok` stands where the member is usable. Every balancer has a nonce of its own,
renewed when Apache reads its config anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from pipeline.errors import Failed
from pipeline.facts.answer import MemberMode, MemberState

NAMES = {"httpd": "http://httpd.apache.org"}


@dataclass(frozen=True, slots=True)
class ManagerPage:
    """One balancer of the page: the nonce that an order must carry, and the members by route."""

    nonce: str
    members: Mapping[str, MemberState]


def manager_page(text: str, balancer: str) -> ManagerPage:
    """Read the part about `balancer`. Raises `Failed`, saying what to check."""
    found = {_text(each, "name"): each for each in _balancers(text)}
    wanted = found.get(f"balancer://{balancer}")
    if wanted is None:
        names = ", ".join(name.removeprefix("balancer://") for name in found) or "none"
        raise Failed(
            f"the balancer-manager knows no balancer {balancer}; it knows: {names}",
            advice="one that is defined inside <Location> cannot be managed",
        )
    members = [_member(each) for each in wanted.iterfind("httpd:workers/httpd:worker", NAMES)]
    return ManagerPage(_text(wanted, "nonce"), {member.name: member for member in members})


def _balancers(text: str) -> list[ET.Element]:
    """The page's balancers; the page for people may be well-formed too, but is another tree."""
    try:
        root = ET.fromstring(text)  # noqa: S314  our own balancer's page, on loopback
    except ET.ParseError:
        root = ET.Element("html")
    if root.tag != f"{{{NAMES['httpd']}}}manager":
        raise Failed(
            "the balancer-manager did not answer in XML",
            advice="it ignores every parameter unless the Referer's host is its own server name: "
            "with UseCanonicalName On, ServerName must be the host of the manager's URL",
        )
    return root.findall("httpd:balancers/httpd:balancer", NAMES)


def _member(worker: ET.Element) -> MemberState:
    url = _text(worker, "name")
    flags = _text(worker, "status").split()
    return MemberState(
        name=_text(worker, "route") or url,
        url=url,
        mode=_mode(flags),
        usable="Ok" in flags,
        in_flight=int(_text(worker, "busy") or 0),
        served=int(_text(worker, "elected") or 0),
    )


def _mode(flags: list[str]) -> MemberMode:
    """What it was told to do; whether it can is another matter."""
    if "Dis" in flags or "Stop" in flags:
        return MemberMode.DISABLED
    return MemberMode.DRAIN if "Drn" in flags else MemberMode.READY


def _text(element: ET.Element, name: str) -> str:
    return (element.findtext(f"httpd:{name}", "", NAMES) or "").strip()
