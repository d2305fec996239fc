"""A comparison of SQLite schemas in the words of every dialect."""

from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.schema.model.schema import Schema
from pipeline.schema.outcome import ObjectOutcome
from pipeline.schema.readers.scripts import read_scripts
from pipeline.schema.sqlite_outcome import export, object_script, outcome_of
from pipeline.verdict import Verdict


def schema(text: str) -> Schema:
    return read_scripts({"a.sql": text})


NEW = """
CREATE TABLE a (id integer PRIMARY KEY, x text);
CREATE TABLE same (id integer);
CREATE INDEX ix ON a (x);
"""
OLD = """
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE same (id integer);
CREATE TABLE gone (id integer);
"""
LOSES = Hazard(HazardName.LOSES_DATA, "gone", "the rows of the table are dropped")


def test_objects_steps_scripts_and_what_is_lost() -> None:
    found = outcome_of(schema(NEW), schema(OLD), ("scripts:new", "scripts:old"))

    assert (found.dialect, found.source, found.target) == ("sqlite", "scripts:new", "scripts:old")
    assert [(each.type, each.name, each.verdict) for each in found.objects] == [
        ("Index", "ix", Verdict.SOURCE_ONLY),
        ("Table", "a", Verdict.DIFFERENT),
        ("Table", "gone", Verdict.TARGET_ONLY),
    ]
    assert found.same == 1
    assert found.differs
    assert found.objects[1] == ObjectOutcome(
        type="Table",
        schema="",
        name="a",
        verdict=Verdict.DIFFERENT,
        because=found.objects[1].because,
        phase=Phase.EXPAND,
        source='CREATE TABLE "a" (\n    "id" integer PRIMARY KEY,\n    "x" text\n);\n',
        target='CREATE TABLE "a" (\n    "id" integer PRIMARY KEY\n);\n',
    )
    assert [(step.number, step.title, step.phase, step.needs) for step in found.steps] == [
        (1, "expand a", Phase.EXPAND, ()),
        (2, "contract gone", Phase.CONTRACT, ()),
    ]
    assert found.steps[0].sql == (
        'ALTER TABLE "a" ADD COLUMN "x" text;\nCREATE INDEX "ix" ON "a" ("x");\n'
    )
    assert all(step.sql in found.script for step in found.steps)
    assert [text.split(":")[0] for text in found.lost] == ["gone"]


def test_contract_needs_what_expand_did_to_the_same_objects() -> None:
    new = schema("CREATE TABLE a (id integer PRIMARY KEY, y text NOT NULL);")
    old = schema("CREATE TABLE a (id integer PRIMARY KEY, x text NOT NULL);")
    steps = outcome_of(new, old).steps
    assert [(step.phase, step.needs) for step in steps] == [
        (Phase.EXPAND, ()),
        (Phase.CONTRACT, (1,)),
    ]
    assert all(step.transactional for step in steps)


def test_the_same_objects_are_listed_when_that_is_wanted() -> None:
    both = schema("CREATE TABLE a (id integer);")
    quiet, whole = outcome_of(both, both), outcome_of(both, both, same_too=True)
    assert (quiet.objects, quiet.same, quiet.differs, quiet.script) == ((), 1, False, "")
    assert [(each.name, each.verdict) for each in whole.objects] == [("a", Verdict.SAME)]
    assert not whole.differs


def test_an_export_has_one_object_in_a_file_and_makes_the_same_schema_again() -> None:
    found = schema(
        'CREATE TABLE "A/b" (id integer); CREATE TABLE c (id integer);'
        "CREATE INDEX i ON c (id); CREATE VIEW v AS SELECT id FROM c;"
        "CREATE TRIGGER t AFTER INSERT ON c BEGIN SELECT 1; END;"
    )
    files = export(found)
    assert list(files) == [
        *("indexes/i.sql", "tables/A%2Fb.sql", "tables/c.sql", "triggers/t.sql", "views/v.sql"),
    ]
    again = read_scripts(files)
    assert outcome_of(again, found).same == len(found.objects) == 5
    assert files["tables/c.sql"] == object_script(found.tables[1])
