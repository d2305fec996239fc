"""What the tests of the writers share: options, operations, and texts kept in readable files."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.schema.diff.mssql.operation import Operation, Part, PartKind, Value, Verb
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.writers.mssql.operations import write_operation
from tests.schema.mssql.accepted import accepted

CASES = Path(__file__).parent / "cases" / "write"
_HEAD = re.compile(r"^-- === (.*)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The part of a comparison's options that writers ask for."""

    names: frozenset[str] = frozenset()
    target_version: int = 2022
    edition: str = "enterprise"


def wanted(*names: str, version: int = 2022, edition: str = "enterprise") -> Wanted:
    return Wanted(frozenset(names), version, edition)


@dataclass(frozen=True, slots=True)
class Case:
    """An operation, and the options under which it is written."""

    operation: Operation
    options: Wanted = Wanted()


def operation(
    verb: Verb,
    kind: PartKind,
    owner: Object,
    name: str = "",
    *,
    old: Value | None = None,
    new: Value | None = None,
    before: Object | None = None,
) -> Operation:
    """An operation on a part of `owner`, which is so before and after unless said otherwise."""
    part = Part(owner.key, kind, name.lower())
    first = owner if before is None else before
    return Operation(verb=verb, part=part, old=old, new=new, before=first, after=owner)


def on_object(verb: Verb, old: Object | None, new: Object | None) -> Operation:
    """An operation on a whole object."""
    thing = new if new is not None else old
    assert thing is not None
    part = Part(thing.key, PartKind.OBJECT)
    return Operation(verb=verb, part=part, old=old, new=new, before=old, after=new)


def text_of(case: Case) -> str:
    """The batches of a case as one script."""
    return "".join(f"{sql}\nGO\n" for sql in write_operation(case.operation, case.options))


def kept(name: str) -> dict[str, str]:
    """The texts of a file of cases, each below a line `-- === its name`."""
    pieces = _HEAD.split((CASES / name).read_text(encoding="utf-8"))
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def refused(text: str, version: int) -> list[str]:
    """What the parser says, but for the three statements that it does not know."""
    unknown = ("MOVE TO", "ALLOW_ENCRYPTED_VALUE_MODIFICATIONS", "FROM BINARY")
    return [each for each in accepted(text, version) if not any(w in each for w in unknown)]
