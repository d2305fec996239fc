"""Files and statements of a plan: what was, what shall be, and which of them change alike."""

from dataclasses import replace

import pytest

from pipeline.facts.answer import sha256
from pipeline.plan.action import Remove, WriteFiles
from pipeline.plan.plan import Plan
from pipeline.plan.step import Stage, Step
from pipeline.report.deploy_changes import (
    Definition,
    FileChange,
    SchemaChange,
    file_changes,
    schema_changes,
)
from tests.report.deploys import NEW_VIEW, OLD_VIEW, PLAN

ROOT = "/srv/homebrew/instances"


def change(
    path: str, before: str | None, after: str | None, *, step: int, like: int
) -> FileChange:
    return FileChange(
        step=step, host="box", path=f"{ROOT}/{path}", before=before, after=after, like=like
    )


def test_both_sides_of_every_file_are_in_the_plan_and_those_alike_name_the_first() -> None:
    ids = [step.id for step in PLAN.steps]
    releases = [f"release default-{sha256(version)[:12]}-1\n" for version in (b"v1", b"v2")]
    switches = [ids.index(f"roll:www_{number}:switch") for number in (1, 2, 3)]
    expected = []
    for number, (step, edited) in enumerate(zip(switches, ("", "edited 1\n", ""), strict=True), 1):
        name = f"www_{number}"
        expected += [
            change(
                f"{name}/conf/{name}.conf",
                f"listen 900{number}\nthreads 15\n{edited}",
                f"listen 900{number}\nthreads 25\n",
                step=step,
                like=0 if number == 3 else -1,
            ),
            change(
                f"{name}/wsgi/{name}.wsgi", *releases, step=step, like=-1 if number == 1 else 1
            ),
        ]
    assert file_changes(PLAN) == tuple(expected)


def step_of(files: dict[str, str], remove: tuple[str, ...], *undo: WriteFiles | Remove) -> Plan:
    step = Step(
        id="write",
        stage=Stage.PUSH,
        host="box",
        action=WriteFiles(
            files={path: sha256(text.encode()) for path, text in files.items()}, remove=remove
        ),
        undo=undo,
        why="they differ",
    )
    texts = (*files.values(), "old")
    return Plan(
        kind="deploy",
        environment="local",
        steps=(step,),
        blobs={sha256(text.encode()): text for text in texts},
    )


OLD = sha256(b"old")


@pytest.mark.parametrize(
    ("undo", "before", "known", "what"),
    [
        ((WriteFiles(files={"a": OLD}),), "old", True, "changed"),
        ((WriteFiles(files={}, remove=("a",)),), None, True, "new"),
        ((Remove(paths=("a",)),), None, True, "new"),
        ((), None, False, "changed"),
    ],
)
def test_the_undo_says_what_was_there(
    undo: tuple[WriteFiles | Remove, ...], before: str | None, known: bool, what: str
) -> None:
    (found,) = file_changes(step_of({"a": "new"}, (), *undo))
    assert (found.before, found.known, found.what, found.after) == (before, known, what, "new")


def test_a_file_that_goes_shows_what_it_was() -> None:
    (found,) = file_changes(step_of({}, ("a",), WriteFiles(files={"a": OLD})))
    assert (found.before, found.after, found.what) == ("old", None, "gone")


@pytest.mark.parametrize("path", ["/srv/records/7.json", "D:\\farm\\instances\\w\\current.json"])
def test_the_notes_that_farmhand_writes_for_itself_are_left_out(path: str) -> None:
    assert file_changes(step_of({path: "{}"}, ())) == ()


def test_statements_stand_beside_their_undo_and_definitions_beside_what_they_were() -> None:
    view, column = schema_changes(PLAN)
    assert view == SchemaChange(
        step=3,
        database="default",
        group="strong",
        statements=("DROP VIEW strong", NEW_VIEW),
        undo=("DROP VIEW strong", OLD_VIEW),
    )
    assert view.definitions == (Definition(name="view strong", before=OLD_VIEW, after=NEW_VIEW),)
    assert (column.undo, column.definitions) == (None, ())


def test_a_table_that_is_made_anew_is_shown_under_its_own_name() -> None:
    made = SchemaChange(
        step=0,
        database="default",
        group="beer",
        statements=('CREATE TABLE "__farmhand_new_beer" (id int)', "DROP TABLE beer"),
        undo=('create table if not exists "beer" (id text)', "CREATE INDEX other ON beer (id)"),
    )
    assert made.definitions == (
        Definition(
            name='table "beer"',
            before='create table if not exists "beer" (id text)',
            after='CREATE TABLE "beer" (id int)',
        ),
    )
    assert replace(made, undo=None).definitions == ()
