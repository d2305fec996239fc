"""Tasks about schemas: schema.diff, schema.snapshot, schema.export."""

import sys

from invoke.context import Context

from pipeline.tasks import edge
from pipeline.tasks.edge import farm_task

SIDE = "scripts:PATH[@REV], snapshot:FILE, empty:DIALECT or sqlite:///FILE"
DIALECT = "mssql or sqlite, where the sides do not say it"
LENIENT = "go on where a script cannot be read: that object cannot be told"
Words = list[str] | None


@farm_task(
    help={
        "source": f"what is wanted: {SIDE}",
        "target": f"what would be changed: {SIDE}",
        "dialect": DIALECT,
        "out": "write the script that changes the target into this file; - is stdout",
        "undo": "write the script of the way back into this file; - is stdout",
        "report": "write the whole comparison into this HTML file",
        "json": "write the whole comparison into this file as JSON; - is stdout",
        "preset": "where the options begin: redgate (default), dacfx or strict",
        "ignore": "differences that are hidden: NAME,...; -NAME shows them again",
        "include": "compare these only: TYPE:GLOB; may be given again",
        "exclude": "leave these out: TYPE:GLOB; may be given again",
        "filter": "a file of +TYPE:GLOB and -TYPE:GLOB lines, or RedGate's .scpf",
        "target-version": "the oldest server that must take the script: 2008 ... 2022",
        "edition": "of that server: enterprise (default), standard, express or azure",
        "lenient": LENIENT,
        "check": "exit 2 when anything differs",
        "show": "both sides of this object, line beside line, instead of the report",
        "all": "list the objects that are the same, too",
        "option": "how the script is written: NAME,... of docs/reference/schema-options.md",
        "no-cache": "read everything anew, also what was read of big folders before",
    },
    repeated=("include", "exclude"),
    letters=False,
)
def diff(
    context: Context,
    source: str = "",
    target: str = "",
    dialect: str = "",
    out: str = "",
    undo: str = "",
    report: str = "",
    json: str = "",
    preset: str = "",
    ignore: str = "",
    include: Words = None,
    exclude: Words = None,
    filter: str = "",
    target_version: str = "",
    edition: str = "",
    lenient: bool = False,
    check: bool = False,
    show: str = "",
    all: bool = False,
    option: str = "",
    no_cache: bool = False,
) -> None:
    """Show how two schemas differ, and what would make them alike."""
    from pipeline.errors import DifferencesFound
    from pipeline.flow.schema_diff import DiffRequest, compare_sides
    from pipeline.report.schema_files import Wanted, refuse, write
    from pipeline.report.schema_show import chosen, side_by_side
    from pipeline.report.schema_text import lines, summary
    from pipeline.report.terminal import width_of, write_lines

    edge.refuse_dry(context)
    wanted = Wanted(out=out, undo=undo, report=report, json=json)
    refuse(wanted)
    outcome = compare_sides(
        DiffRequest(
            source=source,
            target=target,
            dialect=dialect,
            preset=preset,
            ignore=edge.words(ignore),
            options=edge.words(option),
            include=tuple(include or ()),
            exclude=tuple(exclude or ()),
            filter_file=filter,
            target_version=target_version,
            edition=edition,
            lenient=lenient,
            same_too=all,
            cached=not no_cache,
        )
    )
    shown = chosen(outcome, show) if show else ()
    on_stdout = write(wanted, outcome)
    stream = sys.stderr if on_stdout is not None else sys.stdout
    if show:
        for each in shown:
            write_lines(stream, side_by_side(each, width_of(stream)))
    else:
        write_lines(stream, lines(outcome))
    if on_stdout is not None:
        edge.show(on_stdout)
    if check and outcome.differs:
        raise DifferencesFound(summary(outcome))


@farm_task(
    help={"source": SIDE, "out": "the file", "dialect": DIALECT, "lenient": LENIENT},
)
def snapshot(
    context: Context, source: str = "", out: str = "", dialect: str = "", lenient: bool = False
) -> None:
    """Keep a schema in one file, to compare with later."""
    from pipeline.flow.schema_snapshot import take_snapshot
    from pipeline.wording import count

    edge.refuse_dry(context)
    kept = take_snapshot(source, out, dialect=dialect, lenient=lenient)
    for note in kept.notes:
        edge.say(f"note: {note}")
    edge.show(f"{kept.path}: {count(kept.count, 'object')} ({kept.dialect})")


@farm_task(
    help={
        "source": SIDE,
        "out": "the folder: new, empty, or exported before",
        "dialect": DIALECT,
        "lenient": LENIENT,
    },
)
def export(
    context: Context, source: str = "", out: str = "", dialect: str = "", lenient: bool = False
) -> None:
    """Write a schema as a folder of scripts, one object in each."""
    from pipeline.flow.schema_snapshot import export_scripts
    from pipeline.wording import count

    edge.refuse_dry(context)
    kept = export_scripts(source, out, dialect=dialect, lenient=lenient)
    for note in kept.notes:
        edge.say(f"note: {note}")
    gone = f", {count(kept.removed, 'file')} removed" if kept.removed else ""
    edge.show(f"{kept.path}: {count(kept.count, 'file')} ({kept.dialect}){gone}")


TASKS = (diff, snapshot, export)
