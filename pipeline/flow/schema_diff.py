"""schema.diff: two sides in, all that differs and what would be done about it out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import BadCall
from pipeline.flow.dialects import project_above
from pipeline.flow.side_reading import Sides, read_sides, without_collecting
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.schema import Schema
from pipeline.schema.normalise.mssql.filters import Filter
from pipeline.schema.normalise.mssql.options import VERSIONS, options_of
from pipeline.schema.outcome import ObjectOutcome, Outcome
from pipeline.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRequest:
    """What was asked for, as the options say it. Empty means: not said.

    `ignore` and `options` are names of docs/reference/schema-options.md. `same_too` lists the
    objects that are the same as well. `cached` may use what was read of the scripts before.
    """

    source: str
    target: str
    dialect: str = ""
    preset: str = ""
    ignore: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    filter_file: str = ""
    target_version: str = ""
    edition: str = ""
    lenient: bool = False
    same_too: bool = False
    cached: bool = True


@without_collecting()
def compare_sides(request: DiffRequest) -> Outcome:
    """Read both sides and compare them. Nothing is written, and no database is changed."""
    for option, side in (("--source", request.source), ("--target", request.target)):
        if not side:
            raise BadCall("is missing", where=option, advice="schema.diff needs two sides")
    chosen = _filter(request)
    options = options_of(
        request.preset or "redgate",
        (*request.ignore, *request.options),
        _version(request.target_version),
        request.edition or "enterprise",
    )
    sides = read_sides(
        request.source,
        request.target,
        dialect=request.dialect,
        lenient=request.lenient,
        cache=_cache() if request.cached and not request.same_too else None,
    )
    match sides:
        case Sides(source=Database() as source, target=Database() as target):
            from pipeline.schema.diff.mssql.join import outcome_of

            outcome = outcome_of(source, target, options, chosen, sides.labels)
            outcome = replace(
                outcome,
                same=outcome.same + sides.same,
                options=(f"preset {request.preset or 'redgate'}", *outcome.options),
            )
            if request.same_too:
                same = _the_same(outcome, source, target, chosen)
                outcome = replace(outcome, objects=_sorted((*outcome.objects, *same)))
        case Sides(source=Schema() as mine, target=Schema() as theirs):
            from pipeline.schema.sqlite_outcome import outcome_of as sqlite_outcome

            _refuse_options(request)
            outcome = sqlite_outcome(mine, theirs, sides.labels, same_too=request.same_too)
        case _:
            raise AssertionError("two sides of one dialect")
    return replace(outcome, notes=(*sides.notes, *outcome.notes))


def _cache() -> Path | None:
    """The file where what was read of scripts is kept: the project's, if there is a project."""
    project = project_above(Path.cwd())
    return project / ".farm" / "cache" / "schema.db" if project else None


def _filter(request: DiffRequest) -> Filter:
    said = Filter.of(request.include, request.exclude)
    if not request.filter_file:
        return said
    path = Path(request.filter_file)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        what = getattr(problem, "strerror", None) or "it is no UTF-8 text"
        raise BadCall(f"cannot be read: {what}", where=f"--filter {path}") from problem
    is_xml = text.lstrip().startswith("<")
    found = Filter.from_scpf(text, str(path)) if is_xml else Filter.from_lines(text, str(path))
    return said.and_(found)


def _version(text: str) -> int:
    if text and not (text.isascii() and text.isdigit()):
        raise BadCall(
            f"{text!r} is no version that is known",
            where="--target-version",
            advice=f"there are: {', '.join(map(str, VERSIONS))}",
        )
    return int(text) if text else max(VERSIONS)


def _refuse_options(request: DiffRequest) -> None:
    """SQLite has no options: one that did nothing would be a lie."""
    said = {
        "--preset": request.preset,
        "--ignore": request.ignore,
        "--option": request.options,
        "--include": request.include,
        "--exclude": request.exclude,
        "--filter": request.filter_file,
        "--target-version": request.target_version,
        "--edition": request.edition,
        "--lenient": request.lenient,
    }
    for option, value in said.items():
        if value:
            raise BadCall("is for SQL Server; these sides are SQLite", where=option)


def _the_same(
    outcome: Outcome, source: Database, target: Database, chosen: Filter
) -> Iterator[ObjectOutcome]:
    """What the outcome leaves out as it is the same, and no filter leaves out."""
    there = {(each.type, each.schema.lower(), each.name.lower()) for each in outcome.objects}
    for key in source.objects.keys() & target.objects.keys():
        each = source.objects[key]
        if tuple(key) not in there and chosen.takes(Kind(key.kind), each.schema, each.name):
            yield ObjectOutcome(
                type=key.kind,
                schema=each.schema,
                name=each.name,
                verdict=Verdict.SAME,
                place=source.places.get(key, ""),
            )


def _sorted(objects: Sequence[ObjectOutcome]) -> tuple[ObjectOutcome, ...]:
    return tuple(
        sorted(objects, key=lambda each: (each.type, each.schema.lower(), each.name.lower()))
    )
