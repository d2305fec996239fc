"""The files of a farm: an inventory, a release and templates give texts by path."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.errors import BadTemplate
from pipeline.farm.instances import Instance, Inventory
from pipeline.farm.layout import BALANCER, CACHE, STATIC, Layout
from pipeline.farm.software import Software
from pipeline.render import engine
from pipeline.render.engine import Line
from pipeline.render.values import (
    Values,
    balancer_values,
    cache_values,
    instance_values,
    plain,
    rooted,
    static_values,
)

WORKER, SITE = "worker.conf", "site.wsgi"

Traces = Mapping[str, tuple[Line, ...]]

# Apache: "AH00526: Syntax error on line 7 of /srv/x.conf:" and the reason in the next line
_COMPLAINT = re.compile(
    r"on line (?P<line>\d+) of (?P<path>.+?):(?:\s+(?P<why>.+))?$", re.MULTILINE
)
# HAProxy: "[ALERT]    (123) : config : parsing [/srv/haproxy.cfg:7] : " and the reason
_ALERT = re.compile(
    r"^\[ALERT\].*? : .*?\[(?P<path>/[^\]]+):(?P<line>\d+)\] ?: (?P<why>.+)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that a host should have: its absolute path, its template, and what that may say."""

    path: str
    template: str
    values: Values


def wsgi_path(layout: Layout, name: str) -> str:
    """The file from which mod_wsgi imports the site in instance `name`."""
    return layout.instance(name, "wsgi", f"{name}.wsgi")


def instance_pieces(
    inventory: Inventory,
    instance: Instance,
    release_id: str,
    venv: str,
    software: Software,
    *,
    root: str | None = None,
) -> tuple[Piece, ...]:
    """The files of one instance for a release. `venv` is the virtualenv's folder on the host.

    `root` puts everything but the virtualenv below another folder, for a check. Raises
    BadInventory.
    """
    values = instance_values(inventory, instance, release_id, venv, software, root)
    layout = rooted(inventory, instance.host, root)
    return (
        Piece(layout.service_paths(instance.name, "httpd").conf, WORKER, values),
        Piece(wsgi_path(layout, instance.name), SITE, values),
    )


def balancer_pieces(
    inventory: Inventory, software: Software, *, root: str | None = None
) -> tuple[Piece, ...]:
    """The balancer's files; none where nobody balances. Raises BadInventory."""
    if inventory.environment.balancer.kind == "none":
        return ()
    layout = rooted(inventory, inventory.balancer_host, root)
    values = balancer_values(inventory, software, root)
    if inventory.environment.balancer.kind == "haproxy":
        return (Piece(layout.service_paths(BALANCER, "haproxy").conf, "haproxy.cfg", values),)
    return (Piece(layout.service_paths(BALANCER, "httpd").conf, "balancer.conf", values),)


def static_pieces(
    inventory: Inventory, software: Software, *, root: str | None = None
) -> tuple[Piece, ...]:
    """The file of the static server, which only HAProxy needs. Raises BadInventory."""
    layout = rooted(inventory, inventory.balancer_host, root)
    values = static_values(inventory, software, root)
    return (Piece(layout.service_paths(STATIC, "httpd").conf, "static-server.conf", values),)


def cache_pieces(
    inventory: Inventory, host: str, software: Software, *, root: str | None = None
) -> tuple[Piece, ...]:
    """The file of a host's memcached. Raises BadInventory."""
    values = cache_values(inventory, host, software, root)
    conf = rooted(inventory, host, root).service_paths(CACHE, "memcached").conf
    return (Piece(conf, "memcached.conf", values),)


def render(pieces: Iterable[Piece], templates: Mapping[str, str]) -> dict[str, str]:
    """The texts by absolute path. `templates` are texts by file name. Raises BadTemplate."""
    files = {}
    for piece in pieces:
        text = _text(piece.template, templates)
        made = engine.render(piece.template, text, plain(piece.values), templates)
        if piece.template == SITE:
            _refuse_bad_python(made, piece, templates)
        files[piece.path] = made
    return files


def trace(pieces: Iterable[Piece], templates: Mapping[str, str]) -> Traces:
    """For each line of the rendered files, the line of a template that it came from."""
    return {piece.path: _origins(piece, templates) for piece in pieces}


def blame(complaint: str, traces: Traces) -> BadTemplate:
    """What Apache or HAProxy said about a rendered file, as an error about its template."""
    found = _ALERT.search(complaint) or _COMPLAINT.search(complaint)
    if found is None:
        said = complaint.strip().splitlines()
        return BadTemplate(f"it is refused: {said[-1] if said else 'without a word'}")
    path, number = found["path"], int(found["line"])
    after = complaint[found.end() :].strip().splitlines()
    why = found["why"] or (after[0] if after else "it is refused")
    lines = traces.get(path, ())
    template = str(lines[number - 1]) if 0 < number <= len(lines) else ""
    file = path.replace("\\", "/").rpartition("/")[2]
    where = template or f"{file}:{number}"
    return BadTemplate(why, where=where, advice=f"it gives line {number} of {file}")


def _text(name: str, templates: Mapping[str, str]) -> str:
    if name not in templates:
        there = ", ".join(sorted(templates)) or "nothing"
        raise BadTemplate(
            f"there is no template {name}",
            advice=f"the folders of templates (farm.toml: templates) hold {there}",
        )
    return templates[name]


def _origins(piece: Piece, templates: Mapping[str, str]) -> tuple[Line, ...]:
    text = _text(piece.template, templates)
    return engine.origins(piece.template, text, plain(piece.values), templates)


def _refuse_bad_python(text: str, piece: Piece, templates: Mapping[str, str]) -> None:
    """Refuse a site.wsgi that no Python could read, before any host gets it."""
    try:
        compile(text, SITE, "exec", dont_inherit=True)
    except SyntaxError as error:
        lines = _origins(piece, templates)
        number = error.lineno or 1
        where = str(lines[number - 1]) if 0 < number <= len(lines) else SITE
        raise BadTemplate(f"gives no Python: {error.msg}", where=where) from None
