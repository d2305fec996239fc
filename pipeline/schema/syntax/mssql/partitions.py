"""Partition functions and schemes; what a split or a merge does to both."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.facts import facts, listed
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind, bracket
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import bracketed, expression_list, one_of, still
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import (
    Said,
    Statement,
    change,
    dropper,
    find,
    item,
    when_there,
)
from pipeline.schema.syntax.mssql.types import read_type, show_type

_DATE = re.compile(r"[Nn]?'(?:\d{8}|\d{4}-\d\d-\d\d)(?:[ T][\d:.]*)?'")


def _create_partition_function(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "PARTITION", "FUNCTION")
    name = cursor.name()
    cursor.expect("(")
    kept = show_type(read_type(cursor))
    cursor.expect(")")
    cursor.expect("AS", "RANGE")
    side = cursor.accept_any("LEFT", "RIGHT") or "LEFT"
    cursor.expect("FOR", "VALUES")
    values = ", ".join(_ordered(expression_list(cursor)))
    said = {"type": kept, "range": side, "values": values}
    builder.put(item(Kind.PARTITION_FUNCTION, name, said), cursor)


def _ordered(values: tuple[str, ...]) -> tuple[str, ...]:
    """Sort boundaries as the server does, where that can be told: numbers, and plain dates."""
    try:
        return tuple(sorted(values, key=Decimal))
    except InvalidOperation:
        pass
    if len({len(each.lstrip("Nn")) for each in values}) == 1 and all(map(_DATE.fullmatch, values)):
        return tuple(sorted(values, key=lambda each: each.lstrip("Nn")))
    return values


def _alter_partition_function(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "PARTITION", "FUNCTION")
    name = cursor.name()
    cursor.expect("(", ")")
    verb = one_of(cursor, "SPLIT", "MERGE")
    cursor.expect("RANGE")
    where = cursor.script.place(cursor.position)
    (value,) = expression_list(cursor) or cursor.fail("expected a boundary")

    def edit(said: Said) -> None:
        before = listed(said.get("values", ""))
        if verb == "SPLIT":
            after = _ordered((*before, value))
        elif value in before:
            after = tuple(each for each in before if each != value)
        else:
            raise BadSchema(f"[{name}] has no boundary {value}", where=where)
        said["values"] = ", ".join(after)
        # The partition that comes or goes is the one that the boundary itself lies in.
        place = max(before, after, key=len).index(value) + (said.get("range") == "RIGHT")
        for scheme in _schemes(builder, name):
            builder.replace(_with_partition(scheme, place, len(before) + 1, verb))

    change(builder, Kind.PARTITION_FUNCTION, "", name, edit, cursor)


def _schemes(builder: Builder, function: str) -> list[Item]:
    return [
        each
        for each in builder.each()
        if isinstance(each, Item)
        and each.kind is Kind.PARTITION_SCHEME
        and each.fact("function").lower() == bracket(function).lower()
    ]


def _with_partition(scheme: Item, place: int, partitions: int, verb: str) -> Item:
    """Give a scheme with one filegroup more, the next one used, or with one less."""
    said = dict(scheme.facts)
    groups = list(_by_partition(said["filegroups"], partitions))
    if verb == "SPLIT":
        groups.insert(place, said.pop("next_used", groups[-1]))
    else:
        del groups[place : place + 1]
    return scheme._replace(facts=facts(scheme.kind, {**said, "filegroups": _joined(groups)}))


def _by_partition(filegroups: str, partitions: int) -> tuple[str, ...]:
    if filegroups.startswith("ALL "):
        return (filegroups.removeprefix("ALL "),) * partitions
    return listed(filegroups)


def _joined(groups: Sequence[str]) -> str:
    """Give filegroups as the fact has them."""
    if len({each.lower() for each in groups}) == 1:
        return f"ALL {groups[0]}"
    return ", ".join(groups)


def _create_partition_scheme(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "PARTITION", "SCHEME")
    name = cursor.name()
    cursor.expect("AS", "PARTITION")
    function = cursor.name()
    everything = cursor.accept("ALL")
    cursor.expect("TO")
    groups = cursor.list_of(lambda: bracketed(cursor))
    said = {"function": bracket(function), "filegroups": _joined(groups)}
    same = everything or said["filegroups"].startswith("ALL ")
    builder.put(item(Kind.PARTITION_SCHEME, name, said), cursor)
    cursor = still(cursor)
    where = cursor.script.place(cursor.begun)

    def split_next_used() -> None:
        """One filegroup more than there are partitions is the next one used; others are not."""
        found = find(builder, Kind.PARTITION_FUNCTION, "", function, where)
        count = len(listed(found.fact("values"))) + 1

        def edit(said: Said) -> None:
            said["filegroups"] = _joined(groups[:count])
            said["next_used"] = groups[count] if len(groups) > count else ""

        change(builder, Kind.PARTITION_SCHEME, "", name, edit, cursor)

    if not same:
        when_there(builder, Kind.PARTITION_FUNCTION, "", function, split_next_used, cursor)


def _alter_partition_scheme(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "PARTITION", "SCHEME")
    name = cursor.name()
    cursor.expect("NEXT", "USED")
    group = "" if cursor.done or cursor.word == ";" else bracketed(cursor)

    def edit(said: Said) -> None:
        alone = said.get("filegroups", "").lower() == f"all {group}".lower()
        said["next_used"] = "" if alone else group

    change(builder, Kind.PARTITION_SCHEME, "", name, edit, cursor)


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "PARTITION", "FUNCTION"): _create_partition_function,
    ("ALTER", "PARTITION", "FUNCTION"): _alter_partition_function,
    ("DROP", "PARTITION", "FUNCTION"): dropper(
        Kind.PARTITION_FUNCTION, "DROP", "PARTITION", "FUNCTION"
    ),
    ("CREATE", "PARTITION", "SCHEME"): _create_partition_scheme,
    ("ALTER", "PARTITION", "SCHEME"): _alter_partition_scheme,
    ("DROP", "PARTITION", "SCHEME"): dropper(Kind.PARTITION_SCHEME, "DROP", "PARTITION", "SCHEME"),
}
