"""The whole script: header, settings, transaction, steps with their guards, and the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.schema.diff.mssql.operation import Guard, Operation, PartKind, Verb
from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.syntax.mssql.tokens import Script, quote_string, unquote
from pipeline.schema.writers.mssql.operations import write_operation
from pipeline.schema.writers.mssql.target import Said
from pipeline.schema.writers.mssql.titles import title
from pipeline.schema.writers.mssql.transactions import Section, Step, is_transactional, sections

CHECK = "IF @@ERROR <> 0 SET NOEXEC ON"
SETTINGS = (
    "SET NUMERIC_ROUNDABORT OFF",
    "SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, "
    "QUOTED_IDENTIFIER, ANSI_NULLS ON",
)
END = (
    "DECLARE @Success AS bit\n"
    "SET @Success = 1\n"
    "SET NOEXEC OFF\n"
    "IF (@Success = 1) PRINT N'The database update succeeded'\n"
    "ELSE\n"
    "BEGIN\n"
    "    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION\n"
    "    PRINT N'The database update failed'\n"
    "END"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What is said at the top. `made_at` is left out unless given: the text has no clock."""

    source: str
    target: str
    version: str = ""
    made_at: str = ""
    database: str = ""
    """Written as USE when given."""
    isolation: str = "SERIALIZABLE"
    undo: bool = False


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """One operation as text. `number` is its place in the plan, from 1."""

    number: int
    title: str
    sql: str
    transactional: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A script. `steps` are in the order of the plan, one for each of its operations."""

    text: str
    steps: tuple[WrittenStep, ...]
    notes: tuple[str, ...]


def write(planned: Sequence[Step], options: Said, header: Header) -> Written:
    """Give the script of a plan. The same plan gives the same text, byte for byte."""
    batches = [write_operation(step.operation, options) for step in planned]
    steps = tuple(
        WrittenStep(
            number,
            title(step.operation),
            "\nGO\n".join(own),
            is_transactional(step.operation),
        )
        for number, (step, own) in enumerate(zip(planned, batches, strict=True), 1)
    )
    frame = _Frame(options.names)
    lines = [] if "no-comments" in options.names else [_comment(header)]
    if not any(batches):
        said = "There is nothing to do: the target is like the source already"
        lines += [f"PRINT {quote_string(said)}", "GO"]
        return Written("\n".join(lines) + "\n", steps, ())
    lines += frame.begin(header)
    parts = sections(planned)
    for section in parts:
        lines += frame.section(section, planned, batches, steps, header)
    lines += frame.end(asked=any(step.operation.guards for step in planned))
    return Written("\n".join(lines) + "\n", steps, _notes(planned, batches, parts))


def _comment(header: Header) -> str:
    how = "bring it back to what it was before it was made like" if header.undo else "make it like"
    lines = [
        "Run this script on:",
        "",
        f"    {_line(header.target)}    - this database will be modified",
        "",
        f"to {how}:",
        "",
        f"    {_line(header.source)}",
        "",
        "You are recommended to back up your database before running this script",
    ]
    if header.version:
        lines += ["", f"Script created by farmhand {header.version}"]
    if header.made_at:
        lines += ["", f"Made at {header.made_at}"]
    text = "\n".join(lines).replace("*/", "* /").replace("/*", "/ *")
    return f"/*\n{text}\n*/"


def _line(text: str) -> str:
    return " ".join(text.split())


def _notes(
    planned: Sequence[Step], batches: Sequence[tuple[str, ...]], parts: tuple[Section, ...]
) -> tuple[str, ...]:
    found = [
        f"{title(step.operation)}: cannot be in a transaction, a failure does not take it back"
        for step in planned
        if not is_transactional(step.operation)
    ]
    transactions = sum(part.transactional for part in parts)
    if transactions > 1:
        found.append(
            f"the script has {transactions} transactions: "
            "between them stands what cannot be in one"
        )
    for step, own in zip(planned, batches, strict=True):
        if any("DECLARE @secret " in sql for sql in own):
            found.append(f"{title(step.operation)}: its password is made up; set another one")
    return tuple(found)


@dataclass(frozen=True)
class _Frame:
    """What stands around the statements, by the names of the options."""

    names: frozenset[str]

    @property
    def _transaction(self) -> bool:
        return "no-transaction" not in self.names

    @property
    def _errors(self) -> bool:
        return "no-error-handling" not in self.names

    def _checked(self, sql: str) -> list[str]:
        return [sql, "GO", *([CHECK, "GO"] if self._errors else [])]

    def begin(self, header: Header) -> list[str]:
        use = [f"USE {bracket(header.database)}", "GO"] if header.database else []
        settings = [line for setting in SETTINGS for line in (setting, "GO")]
        # Errors that RAISERROR makes are not among those that abort a transaction.
        abort = ["SET XACT_ABORT ON", "GO"] if self._errors or self._transaction else []
        level = [f"SET TRANSACTION ISOLATION LEVEL {header.isolation}", "GO"]
        return [*use, *settings, *abort, *(level if self._transaction else [])]

    def section(
        self,
        section: Section,
        planned: Sequence[Step],
        batches: Sequence[tuple[str, ...]],
        steps: Sequence[WrittenStep],
        header: Header,
    ) -> list[str]:
        lines: list[str] = []
        made = _first_made(planned)
        if section.transactional and self._transaction:
            lines += self._checked("BEGIN TRANSACTION")
        elif not section.transactional:
            lines += self._outside()
        for place in section.places:
            lines += [f"PRINT {quote_string(steps[place].title)}", "GO"]
            for guard in planned[place].operation.guards:
                lines += [_guard(guard, late=_is_made_before(guard, made, place)), "GO"]
            for sql in batches[place]:
                lines += self._checked(sql.rstrip("\n"))
        if section.transactional and self._transaction:
            lines += self._checked("COMMIT TRANSACTION")
        return lines

    def _outside(self) -> list[str]:
        said = "What follows cannot be in a transaction: a failure does not take it back"
        comment = [] if "no-comments" in self.names else [f"-- {said}."]
        return [*comment, f"PRINT {quote_string(said)}", "GO"]

    def end(self, *, asked: bool) -> list[str]:
        """What was stopped is said, and the session executes again."""
        return [END, "GO"] if self._errors or asked else []


def _guard(guard: Guard, *, late: bool) -> str:
    """Stop when the rows are such that the next step would cost what it may cost.

    RAISERROR does not abort a transaction, so it is rolled back by name. Where the question
    names what the script itself has made, it is compiled only when it is asked.
    """
    message = quote_string(guard.message.replace("%", "%%"))
    stop = (
        "BEGIN\n"
        f"    RAISERROR ({message}, 16, 1)\n"
        "    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION\n"
        "    SET NOEXEC ON\n"
        "END"
    )
    if not late:
        return f"IF EXISTS ({guard.exists})\n{stop}"
    question = quote_string(f"IF EXISTS ({guard.exists}) SET @found = 1")
    return (
        "DECLARE @found bit\n"
        f"EXEC sp_executesql {question}, N'@found bit OUTPUT', @found OUTPUT\n"
        f"IF @found = 1\n{stop}"
    )


def _is_made_before(guard: Guard, made: Mapping[str, int], place: int) -> bool:
    """Whether a question names a column that an earlier step adds or renames."""
    if not made:
        return False
    words = (unquote(token).lower() for token in Script.of("", guard.exists).tokens)
    return any(made.get(word, place) < place for word in words)


def _first_made(planned: Sequence[Step]) -> dict[str, int]:
    """The columns that steps add or rename, folded, and the place of the first such step."""
    found: dict[str, int] = {}
    for place, step in enumerate(planned):
        if _makes_columns(step.operation):
            found.setdefault(str(getattr(step.operation.new, "name", "")).lower(), place)
    return found


def _makes_columns(operation: Operation) -> bool:
    return operation.part.kind is PartKind.COLUMN and operation.verb in {Verb.CREATE, Verb.RENAME}
