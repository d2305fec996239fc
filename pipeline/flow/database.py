"""What each database needs, before and after the bounce; rehearsed on a scratch database first."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.errors import BadSchema
from pipeline.facts.changeset import Changeset, Release
from pipeline.flow.observe import database_url
from pipeline.flow.release import SITE, site_folder, texts
from pipeline.flow.world import World
from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.plan.wanted import Observed, SchemaWork
from pipeline.schema.compare import Comparison, compare, groups
from pipeline.schema.groups import Group
from pipeline.schema.model.schema import Schema
from pipeline.schema.readers.scripts import read_scripts
from pipeline.schema.rehearse import rehearse
from pipeline.schema.snapshot import digest
from pipeline.schema.syntax.sqlite.statements import dropped_names
from pipeline.source.repository import Repository
from pipeline.verdict import Verdict

Scripts = Mapping[str, str]


def schema_works(
    world: World,
    live: Mapping[str, Schema],
    observed: Observed,
    source: Repository,
    release: Release,
) -> tuple[SchemaWork, ...]:
    """The work on every database for a release. Raises BadSchema for scripts that do not work."""
    return tuple(
        _work(world, name, live[name], observed, source, release)
        for name in world.inventory.farm.databases
    )


def _work(
    world: World,
    name: str,
    live: Schema,
    observed: Observed,
    source: Repository,
    release: Release,
) -> SchemaWork:
    database = world.inventory.farm.databases[name]
    wanted = _scripts(world, name, release)
    pending = _pending(world, name, live, observed, source, release)
    between = pending.wanted if pending else live
    comparison = _compare(world, name, wanted, between)
    expand = _phase(comparison, Phase.EXPAND)
    contract = _phase(comparison, Phase.CONTRACT)
    now = contract if database.contract == "now" else ()
    first = _phase(pending, Phase.CONTRACT) if pending else ()
    end = comparison.wanted if now or not contract else comparison.middle
    return SchemaWork(
        database=name,
        url=database_url(world, name),
        owner=world.inventory.user(world.first_host),
        before=digest(live),
        pending=first,
        expand=expand,
        contract=now,
        digests=_rehearsed(live, (*first, *expand, *now), end),
        notes=tuple(_notes(name, comparison, contract if not now else (), database.contract)),
    )


def _scripts(world: World, name: str, release: Release) -> Scripts:
    """The scripts of a release. No folder at all is a mistake: it does not mean no objects."""
    place = world.inventory.farm.databases[name].scripts
    folder = site_folder(world, release, place)
    if not folder.is_dir():
        raise BadSchema(
            f"{release.changeset.short} has no folder {place.removeprefix(SITE)}"
            if place.startswith(SITE)
            else f"there is no folder {folder}",
            where=f"databases.{name}.scripts",
        )
    return texts(folder, "*.sql")


def _rehearsed(live: Schema, work: tuple[Group, ...], end: Schema) -> tuple[str, ...]:
    """The digest after each group, by running them on a scratch database that has the schema."""
    return rehearse(live, work, end) if work else ()


def _pending(
    world: World,
    name: str,
    live: Schema,
    observed: Observed,
    source: Repository,
    release: Release,
) -> Comparison | None:
    """What the running changeset no longer wants and nobody has dropped yet.

    None when that is nothing, when its time has not come (the same changeset again, or another
    policy), or when the database is not what that changeset expanded it to.
    """
    database = world.inventory.farm.databases[name]
    newest = observed.host(world.first_host).record
    if (
        database.contract != "next-deploy"
        or newest is None
        or newest.changeset.node == release.changeset.node
        or not database.scripts.startswith(SITE)
        or not source.knows(newest.changeset.node)
    ):
        return None
    tree = source.archive(newest.changeset.node, world.store.trees)
    scripts = texts(tree / database.scripts.removeprefix(SITE), "*.sql")
    comparison = _compare(world, name, scripts, live)
    return comparison if comparison.contract and not comparison.expand else None


def _compare(world: World, name: str, scripts: Scripts, live: Schema) -> Comparison:
    """The careful comparison of a deploy: what only the database has stays, unless named."""
    manage = world.inventory.farm.databases[name].manage
    wanted = read_scripts(scripts)
    return compare(wanted, live, drops=dropped_names(scripts), manage=manage)


def _phase(comparison: Comparison, phase: Phase) -> tuple[Group, ...]:
    return tuple(group for group in groups(comparison) if group.phase is phase)


def _notes(
    name: str, comparison: Comparison, later: tuple[Group, ...], policy: str
) -> Iterator[str]:
    for each in comparison.objects:
        if each.verdict is Verdict.TARGET_ONLY and each.phase is None:
            yield (
                f"database {name} has {each.type.lower()} {each.name}, which no script makes; "
                "it stays (to let it go: -- @dropped in a script)"
            )
        elif each.verdict is Verdict.DIFFERENT and each.phase is None:
            why = "; ".join(each.because)
            yield f"database {name}: {each.type.lower()} {each.name} differs and is left: {why}"
    when = "the next deploy" if policy == "next-deploy" else "your own hand"
    for group in later:
        yield f"database {name}: {group.name} is contracted by {when}"


def returning_works(
    world: World, live: Mapping[str, Schema], source: Repository, changeset: Changeset
) -> tuple[SchemaWork, ...]:
    """What each database needs so that an older changeset can run on it again.

    An expanded schema stays: only what was dropped since is made anew, and without its rows.
    """
    return tuple(
        _returning(world, name, live[name], source, changeset)
        for name in world.inventory.farm.databases
    )


def _returning(
    world: World, name: str, live: Schema, source: Repository, changeset: Changeset
) -> SchemaWork:
    place = world.inventory.farm.databases[name].scripts
    unchanged = SchemaWork(
        database=name,
        url=database_url(world, name),
        owner=world.inventory.user(world.first_host),
        before=digest(live),
    )
    if not place.startswith(SITE) or not source.knows(changeset.node):
        return unchanged
    tree = source.archive(changeset.node, world.store.trees)
    comparison = _compare(world, name, texts(tree / place.removeprefix(SITE), "*.sql"), live)
    expand = tuple(map(_without_its_rows, _phase(comparison, Phase.EXPAND)))
    return replace(unchanged, expand=expand, digests=_rehearsed(live, expand, comparison.middle))


def _without_its_rows(group: Group) -> Group:
    lost = Hazard(HazardName.NO_UNDO, group.name, "made anew; the rows it had do not come back")
    return replace(group, hazards=(*group.hazards, lost))
