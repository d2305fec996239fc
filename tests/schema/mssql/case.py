"""A case: two databases as scripts, and all that comes of comparing them, in one TOML file.

    python -m tests.schema.mssql.case tests/schema/mssql/cases/Table/column-type.different.toml

writes `objects` and `steps` into a file that has `old` and `new`. Read what it wrote: it is what
the test will insist on.
"""

import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.schema.diff.mssql.join import outcome_of
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.normalise.mssql.filters import Filter
from pipeline.schema.normalise.mssql.options import options_of
from pipeline.schema.outcome import ObjectOutcome, Outcome, StepOutcome
from pipeline.schema.readers.tsql_cache import Pair, open_cache
from pipeline.schema.readers.tsql_folder import from_folder
from pipeline.schema.syntax.mssql.batches import batches
from pipeline.schema.syntax.mssql.read import SourceFile, read_database

ROOT = Path(__file__).parent / "cases"
_GENERATED = ("objects", "steps")
_GO = re.compile(r"^GO\s*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file, `TYPE/PROPERTY.VERDICT.toml`. `steps` is the script without its frame."""

    old: str
    new: str
    why: str = ""
    preset: str = "redgate"
    ignore: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    include: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    target_version: int = 2022
    edition: str = "enterprise"
    lenient: bool = False
    objects: list[list[str]] = field(default_factory=list)
    steps: str = ""

    def compare(self) -> Outcome:
        """Compare its two sides."""
        return self.between(read(self.new, self.lenient), read(self.old, self.lenient))

    def between(self, source: Database, target: Database) -> Outcome:
        """Compare two databases with this case's options."""
        options = options_of(
            self.preset, [*self.ignore, *self.options], self.target_version, self.edition
        )
        chosen = Filter.of(self.include, self.exclude)
        return outcome_of(source, target, options, chosen, ("new", "old"))


def read(text: str, lenient: bool = False) -> Database:
    """Give the database of one script."""
    return read_database([SourceFile("case.sql", text)], lenient=lenient)


def read_case(path: Path) -> Case:
    """Give the case of a file."""
    return Case(**tomllib.loads(path.read_text(encoding="utf-8")))


def paths() -> Iterator[Path]:
    """Give all cases' files, sorted."""
    yield from sorted(ROOT.rglob("*.toml"))


def said(each: ObjectOutcome) -> list[str]:
    """Give what is said of an object, as a case has it."""
    return [
        f"{each.type} {each.full_name}",
        f"{each.verdict} {each.phase or '-'}",
        *each.because,
        *(f"ignored: {text}" for text in each.ignored),
        *(f"{hazard}: {hazard.reason}" for hazard in each.hazards),
    ]


def shown(steps: Sequence[StepOutcome]) -> str:
    """Give steps as a case has them."""
    return "".join(f"-- {each.title} ({each.phase})\n{each.sql.strip()}\n" for each in steps)


def back(case: Case) -> Outcome:
    """Give the comparison the other way round."""
    return case.between(read(case.old, case.lenient), read(case.new, case.lenient))


def write_batches(folder: Path, script: str) -> Path:
    """Write each batch of a script as a file of its own, into a new folder.

    A script with a GO in a string or a comment stays in one piece.
    """
    folder.mkdir()
    pieces = [*filter(str.strip, _GO.split(script))] or ["-- nothing"]
    whole = sum(1 for _ in batches("case.sql", script)) != len(pieces)
    for batch in [script] if whole else pieces:
        name = hashlib.sha256(batch.encode()).hexdigest()
        (folder / f"{name}.sql").write_text(batch, encoding="utf-8", newline="\n")
    return folder


def narrow_and_whole(folder: Path, new: str, old: str) -> tuple[Pair, Pair]:
    """Give two scripts as the cache narrows them, each batch in a file, and as all their files."""
    source, target = write_batches(folder / "new", new), write_batches(folder / "old", old)
    with open_cache(folder / "cache.db") as cache:
        narrow = cache.pair(source, target)
    whole = Pair(source=from_folder(source).database(), target=from_folder(target).database())
    return narrow, whole


def _written(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    kept = text
    for name in _GENERATED:
        kept = kept.split(f"\n{name} = ", 1)[0]
    case = read_case(path)
    outcome = case.compare()
    lines = [kept.rstrip("\n"), "objects = ["]
    for each in outcome.objects:
        lines += ["    [", *(f"        {_quoted(line)}," for line in said(each)), "    ],"]
    lines += ["]", f"steps = {_block(shown(outcome.steps))}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _quoted(line: str) -> str:
    plain = line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{plain.replace(chr(9), chr(92) + "t").replace(chr(13), chr(92) + "r")}"'


def _block(text: str) -> str:
    if "'''" not in text and "\r" not in text:
        return f"'''\n{text}'''"
    return (
        '"""\n'
        + text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').replace("\r", "\\r")
        + '"""'
    )


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _written(Path(name))
