"""The rendered files, apart from any deploy: shown, compared, explained."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from pipeline.errors import BadInventory
from pipeline.farm.inventory import Environment
from pipeline.farm.provenance import Provenance, in_words, values_by_key
from pipeline.flow.observe import ask_software
from pipeline.flow.release import release_of, repository, templates_of
from pipeline.flow.render import Renderer
from pipeline.flow.world import World
from pipeline.render.engine import nearest
from pipeline.render.values import Values, explained


def rendered(world: World, rev: str | None) -> dict[str, str]:
    """The files of every host, `HOST/path below its root` -> text."""
    renderer = _renderer(world, rev)
    for line in renderer.idle:
        world.say(f"note: {line}")
    return {
        f"{host}/{path}": text
        for host in world.inventory.environment.hosts
        for path, text in renderer.files(host).items()
    }


def explanations(world: World, name: str) -> list[str]:
    """Value and origin of what fits a glob: keys of the inventory, else templates' tokens.

    A key has a dot, or stands at the top of the environment's file. Raises BadInventory for a name
    that nothing fits.
    """
    if "." in name or name in Environment.model_fields:
        return _keys(world, name)
    return _tokens(world, name)


def _keys(world: World, name: str) -> list[str]:
    """The keys that fit, and those in a table that does."""
    known = values_by_key(world.inventory)
    found = [key for key in known if fnmatchcase(key, name) or fnmatchcase(key, f"{name}.*")]
    if not found:
        raise BadInventory(f"there is no key {name}", advice=nearest(name, known))
    origins = world.settings.provenance.origins
    return [
        f"{key} = {in_words(known[key])} ({'; '.join(each.of(key) for each in origins(key))})"
        for key in found
    ]


def _tokens(world: World, name: str) -> list[str]:
    """The tokens that fit, of the first instance and of each service beside the instances."""
    places = _renderer(world, None).values
    known = sorted({each for values in places.values() for each in values})
    names = [each for each in known if fnmatchcase(each, name.upper())]
    if not names:
        raise BadInventory(f"there is no value {name}", advice=nearest(name, set(known)))
    origins = world.settings.provenance
    return [line for each in names for line in _token(each, places, origins)]


def _token(name: str, places: Mapping[str, Values], origins: Provenance) -> Iterator[str]:
    """One line, or one for each place where the token stands for something of its own."""
    lines = {
        where: explained(values[name], origins)
        for where, values in places.items()
        if name in values
    }
    if len(set(lines.values())) == 1:
        yield f"{name} = {next(iter(lines.values()))}"
        return
    for where, line in lines.items():
        yield f"{name} in {where} = {line}"


def _renderer(world: World, rev: str | None) -> Renderer:
    software = ask_software(world)
    with repository(world) as source:
        changeset = source.resolve(rev, world.inventory.branch)
        release = release_of(world, source, changeset, software[world.first_host].python)
    templates = templates_of(world, release)
    return Renderer(world=world, release=release, software=software, templates=templates)
