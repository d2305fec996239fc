"""The files of a farm: an inventory, a release and templates give texts by path."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.errors import BadTemplate
from pipeline.farm.instances import Instance, Inventory
from pipeline.farm.layout import Layout
from pipeline.farm.software import Software
from pipeline.render import engine
from pipeline.render.engine import Line
from pipeline.render.values import Values, balancer_values, instance_values, plain, rooted

BALANCER, WORKER, SITE = "balancer.conf", "worker.conf", "site.wsgi"

Traces = Mapping[str, tuple[Line, ...]]

# "AH00526: Syntax error on line 7 of /srv/x.conf:" and the reason in the next line
_COMPLAINT = re.compile(
    r"on line (?P<line>\d+) of (?P<path>.+?):(?:\s+(?P<why>.+))?$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class ServerPaths:
    """Where an Apache of the farm has its own things: an instance, or the balancer."""

    folder: str
    conf: str
    pid_file: str
    error_log: str
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedInstance:
    """The files of one instance by absolute path; `conf` and `wsgi` are the two paths."""

    instance: Instance
    conf: str
    wsgi: str
    files: Mapping[str, str]


def instance_paths(layout: Layout, name: str) -> ServerPaths:
    """Where instance `name` has its things; `folders` must be there before it starts."""
    kinds = ("conf", "wsgi", "secret", "log", "run")
    return _paths(layout.instance, name, f"{name}.conf", kinds)


def balancer_paths(layout: Layout) -> ServerPaths:
    """Where the balancer has its things."""
    return _paths(lambda _, *parts: layout.balancer(*parts), "", BALANCER, ("conf", "log", "run"))


def wsgi_path(layout: Layout, name: str) -> str:
    """The file from which mod_wsgi imports the site in instance `name`."""
    return layout.instance(name, "wsgi", f"{name}.wsgi")


def render_instance(
    inventory: Inventory,
    instance: Instance,
    release_id: str,
    venv: str,
    software: Software,
    templates: Mapping[str, str],
    *,
    root: str | None = None,
) -> RenderedInstance:
    """The files of one instance for a release. `venv` is the virtualenv's folder on the host.

    `templates` are the texts of a changeset's templates by file name; `root` puts everything but
    the virtualenv below another folder, for a check. Raises BadTemplate and BadInventory.
    """
    values = instance_values(inventory, instance, release_id, venv, software, root)
    layout = rooted(inventory, instance.host, root)
    conf = instance_paths(layout, instance.name).conf
    wsgi = wsgi_path(layout, instance.name)
    files = {conf: _render(WORKER, values, templates), wsgi: _render(SITE, values, templates)}
    _refuse_bad_python(files[wsgi], values, templates)
    return RenderedInstance(instance=instance, conf=conf, wsgi=wsgi, files=files)


def render_balancer(
    inventory: Inventory,
    software: Software,
    templates: Mapping[str, str],
    *,
    root: str | None = None,
) -> dict[str, str]:
    """The balancer's files by absolute path; none where no Apache balances. Raises as above."""
    if inventory.environment.balancer.kind != "apache":
        return {}
    values = balancer_values(inventory, software, root)
    conf = balancer_paths(rooted(inventory, inventory.balancer_host, root)).conf
    return {conf: _render(BALANCER, values, templates)}


def trace_instance(
    inventory: Inventory,
    instance: Instance,
    release_id: str,
    venv: str,
    software: Software,
    templates: Mapping[str, str],
    *,
    root: str | None = None,
) -> Traces:
    """For each line of an instance's files, the line of a template that it came from."""
    values = plain(instance_values(inventory, instance, release_id, venv, software, root))
    layout = rooted(inventory, instance.host, root)
    conf = instance_paths(layout, instance.name).conf
    wsgi = wsgi_path(layout, instance.name)
    return {
        conf: engine.origins(WORKER, _text(WORKER, templates), values, templates),
        wsgi: engine.origins(SITE, _text(SITE, templates), values, templates),
    }


def trace_balancer(
    inventory: Inventory,
    software: Software,
    templates: Mapping[str, str],
    *,
    root: str | None = None,
) -> Traces:
    """For each line of the balancer's files, the line of a template that it came from."""
    values = plain(balancer_values(inventory, software, root))
    conf = balancer_paths(rooted(inventory, inventory.balancer_host, root)).conf
    return {conf: engine.origins(BALANCER, _text(BALANCER, templates), values, templates)}


def blame(complaint: str, traces: Traces) -> BadTemplate:
    """What Apache said about a rendered file (`-t`), as an error about its template."""
    found = _COMPLAINT.search(complaint)
    if found is None:
        said = complaint.strip().splitlines()
        return BadTemplate(f"Apache refuses it: {said[-1] if said else 'without a word'}")
    path, number = found["path"], int(found["line"])
    after = complaint[found.end() :].strip().splitlines()
    why = found["why"] or (after[0] if after else "Apache refuses it")
    lines = traces.get(path, ())
    template = str(lines[number - 1]) if 0 < number <= len(lines) else ""
    file = path.replace("\\", "/").rpartition("/")[2]
    where = template or f"{file}:{number}"
    return BadTemplate(why, where=where, advice=f"it gives line {number} of {file}")


def unused_variables(inventory: Inventory, templates: Mapping[str, str]) -> tuple[str, ...]:
    """The environment's own variables that no template mentions, for a warning."""
    return engine.unused(templates, inventory.environment.variables)


def _paths(below: Callable[..., str], name: str, conf: str, kinds: tuple[str, ...]) -> ServerPaths:
    return ServerPaths(
        folder=below(name),
        conf=below(name, "conf", conf),
        pid_file=below(name, "run", "httpd.pid"),
        error_log=below(name, "log", "error.log"),
        folders=tuple(below(name, kind) for kind in kinds),
    )


def _text(name: str, templates: Mapping[str, str]) -> str:
    if name not in templates:
        there = ", ".join(sorted(templates)) or "nothing"
        raise BadTemplate(
            f"there is no template {name}",
            advice=f"the folder of templates (farm.toml: templates.apache) holds {there}",
        )
    return templates[name]


def _render(name: str, values: Values, templates: Mapping[str, str]) -> str:
    return engine.render(name, _text(name, templates), plain(values), templates)


def _refuse_bad_python(text: str, values: Values, templates: Mapping[str, str]) -> None:
    """Refuse a site.wsgi that no Python could read, before any host gets it."""
    try:
        compile(text, SITE, "exec", dont_inherit=True)
    except SyntaxError as error:
        lines = engine.origins(SITE, _text(SITE, templates), plain(values), templates)
        number = error.lineno or 1
        where = str(lines[number - 1]) if 0 < number <= len(lines) else SITE
        raise BadTemplate(f"gives no Python: {error.msg}", where=where) from None
