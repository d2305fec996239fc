"""The expand and contract stages: groups of schema changes, each a short transaction."""

import json
from collections.abc import Iterator

from pipeline.plan.action import ApplySchema
from pipeline.plan.draft import Draft
from pipeline.plan.resources import database
from pipeline.plan.show import names
from pipeline.plan.step import Stage, Step
from pipeline.plan.wanted import SchemaWork
from pipeline.schema.groups import Group


def before_bounce(draft: Draft, work: SchemaWork, host: str) -> tuple[Step, ...]:
    """What the running changeset left for now, then what the new one adds."""
    return tuple(_steps(draft, work, host, (*work.pending, *work.expand), Stage.EXPAND, first=0))


def after_bounce(draft: Draft, work: SchemaWork, host: str) -> tuple[Step, ...]:
    """What goes at once, since the environment's databases say `contract = "now"`."""
    done = len(work.pending) + len(work.expand)
    return tuple(_steps(draft, work, host, work.contract, Stage.CONTRACT, first=done))


def _steps(
    draft: Draft,
    work: SchemaWork,
    host: str,
    groups: tuple[Group, ...],
    stage: Stage,
    *,
    first: int,
) -> Iterator[Step]:
    digests = (work.before, *work.digests)
    for number, group in enumerate(groups, first):
        yield Step(
            id=f"{stage}:{work.database}:{number + 1}",
            stage=stage,
            host=host,
            action=_apply(
                draft, work, group, group.statements, keys_off=group.needs_foreign_keys_off
            ),
            undo=_undo(draft, work, group),
            why=names(group.name.split(", ")),
            resources={database(work.database): (digests[number], digests[number + 1])},
            hazards=group.hazards,
        )


def _undo(draft: Draft, work: SchemaWork, group: Group) -> tuple[ApplySchema, ...]:
    if not group.undo:
        return ()
    keys_off = group.undo_needs_foreign_keys_off
    return (_apply(draft, work, group, group.undo, keys_off=keys_off),)


def _apply(
    draft: Draft, work: SchemaWork, group: Group, statements: tuple[str, ...], *, keys_off: bool
) -> ApplySchema:
    return ApplySchema(
        database=work.database,
        url=work.url,
        group=group.name,
        statements=draft.blob(json.dumps(statements, indent=1, ensure_ascii=False)),
        foreign_keys_off=keys_off,
        owner=work.owner,
    )
