"""Rendered files, and where their lines came from, as tests ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.farm.instances import Instance, Inventory
from pipeline.farm.software import Software
from pipeline.render import files
from pipeline.render.files import Traces, balancer_pieces, instance_pieces


@dataclass(frozen=True, slots=True)
class Made:
    """The files of one instance by path; `conf` and `wsgi` are the two paths."""

    conf: str
    wsgi: str
    files: Mapping[str, str]


def render_instance(
    inventory: Inventory,
    instance: Instance,
    release_id: str,
    venv: str,
    software: Software,
    templates: Mapping[str, str],
    *,
    root: str | None = None,
) -> Made:
    """The files of one instance."""
    pieces = instance_pieces(inventory, instance, release_id, venv, software, root=root)
    conf, wsgi = (piece.path for piece in pieces)
    return Made(conf, wsgi, files.render(pieces, templates))


def trace_instance(
    inventory: Inventory,
    instance: Instance,
    release_id: str,
    venv: str,
    software: Software,
    templates: Mapping[str, str],
) -> Traces:
    """Where the lines of an instance's files came from."""
    pieces = instance_pieces(inventory, instance, release_id, venv, software)
    return files.trace(pieces, templates)


def render_balancer(
    inventory: Inventory,
    software: Software,
    templates: Mapping[str, str],
    *,
    root: str | None = None,
) -> dict[str, str]:
    """The balancer's files."""
    return files.render(balancer_pieces(inventory, software, root=root), templates)


def trace_balancer(
    inventory: Inventory, software: Software, templates: Mapping[str, str]
) -> Traces:
    """Where the lines of the balancer's files came from."""
    return files.trace(balancer_pieces(inventory, software), templates)
