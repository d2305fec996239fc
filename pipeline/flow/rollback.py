"""Plan the way back, from what the hosts themselves remember."""

from collections.abc import Mapping

from pipeline.errors import CheckFailed
from pipeline.facts.changeset import Release
from pipeline.facts.record import Record
from pipeline.flow.database import returning_works
from pipeline.flow.former_balancer import refuse_former_balancer
from pipeline.flow.hooks import refuse_impossible_hooks, scripts
from pipeline.flow.observe import secret_files
from pipeline.flow.release import repository
from pipeline.flow.resume import unfinished_plan
from pipeline.flow.want import Here, Prepared, file_diffs, look
from pipeline.flow.world import World
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.rollback import plan_removal, same_release, target
from pipeline.plan.wanted import Wanted, WantedHost


def prepare_rollback(world: World) -> Prepared:
    """Plan the return to what ran before the last deploy, or before the unfinished one.

    Raises CheckFailed when there is nothing to return to.
    """
    here = look(world)
    refuse_former_balancer(world, here.software, here.observed)
    killed = unfinished_plan(world)
    targets = {name: target(here.observed.host(name), killed) for name in world.ways}
    records = {name: record for name, record in targets.items() if record is not None}
    if not records:
        plan = plan_removal(world.inventory, here.services, here.observed)
        if not plan.steps:
            raise CheckFailed(
                "nothing was ever deployed here",
                where=world.inventory.name,
                advice=f"invoke deploy --env {world.inventory.name}",
            )
        return Prepared(plan=plan)
    if len(records) < len(targets):
        missing = min(targets.keys() - records.keys())
        raise CheckFailed(
            "this host never finished a deploy, others did",
            where=f"host {missing}",
            advice="deploy the release of the others instead: invoke deploy --rev ...",
        )
    return _prepare(world, here, records, unfinished=killed is not None)


def _prepare(
    world: World, here: Here, records: Mapping[str, Record], *, unfinished: bool
) -> Prepared:
    record = same_release(records)
    hosts = {name: _wanted_host(world, here, name, records[name]) for name in world.ways}
    with repository(world) as source:
        works = returning_works(world, here.schemas, source, record.changeset)
    release = Release(
        id=record.release, changeset=record.changeset, digest=record.digest, lock_hash=""
    )
    wanted = Wanted(
        kind="rollback",
        inventory=world.inventory,
        release=release,
        hosts=hosts,
        databases=works,
        unfinished=unfinished,
        scripts=scripts(world, "rollback", release),
    )
    plan = plan_deploy(wanted, here.observed)
    refuse_impossible_hooks(world, plan)
    return Prepared(
        plan=plan,
        diffs=file_diffs(world, hosts, here.observed),
    )


def _wanted_host(world: World, here: Here, name: str, record: Record) -> WantedHost:
    return WantedHost(
        name=name,
        user=world.inventory.user(name),
        programs=here.software[name].programs,
        python=here.software[name].python,
        venv=record.venv,
        files=record.files,
        services=here.services[name],
        secrets=secret_files(world, name),
        previous=record.previous,
    )
