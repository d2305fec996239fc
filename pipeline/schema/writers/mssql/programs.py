"""Views, functions, procedures and triggers: their text with the verb that is needed."""

from pipeline.errors import CheckFailed
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, bracket, two_part
from pipeline.schema.model.mssql.tables import Trigger
from pipeline.schema.normalise.mssql.modules import as_alter, as_create, as_create_or_alter
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.authorization import alter_authorization
from pipeline.schema.writers.mssql.kinds import WORDS, exists, full_name
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target

Program = Module | Trigger
EVENTS = ("DELETE", "INSERT", "UPDATE")


def create_module(module: Module, target: Target) -> tuple[Statement, ...]:
    """CREATE, owner, and of a DDL trigger its order and state."""
    text = _text(module, target, as_create(_readable(module)))
    return (
        *_in_its_settings(module, text, exists(module), target, making=True),
        *alter_authorization(module, ""),
        *_ddl_trigger_changes(None, module),
    )


def alter_module(old: Module, new: Module, target: Target) -> tuple[Statement, ...]:
    """ALTER where the text differs, and what else there is to a module."""
    said: tuple[Statement, ...] = ()
    if _whole(old) != _whole(new):
        if old.form != new.form or (
            target.has("drop-and-create") and not (new.indexes or new.triggers)
        ):
            return (*drop_module(old), *create_module(new, target))
        text = _text(new, target, as_alter(_readable(new)))
        said = _in_its_settings(new, text, exists(new), target, making=False)
        old = old._replace(disabled=_other_state(old, new), order=())
    return (
        *said,
        *alter_authorization(new, old.authorization),
        *_ddl_trigger_changes(old, new),
    )


def _other_state(old: Program, new: Program) -> bool:
    """What a trigger is taken to be after ALTER, so that a state is said again when in doubt."""
    return not new.disabled if old.disabled or new.disabled else False


def drop_module(module: Module) -> tuple[Statement, ...]:
    """DROP; of a DDL trigger ON DATABASE."""
    on = " ON DATABASE" if module.kind is Kind.DDL_TRIGGER else ""
    sql = f"DROP {WORDS[module.kind].drop} {full_name(module)}{on}"
    return (Statement(sql, exists(module), making=False),)


def refresh_module(module: Module) -> tuple[Statement, ...]:
    """Let the server read anew what a module depends on."""
    name = quote_string(full_name(module))
    if module.kind is Kind.VIEW:
        sql = f"EXEC sp_refreshview {name}"
    elif module.kind is Kind.DDL_TRIGGER:
        sql = f"EXEC sys.sp_refreshsqlmodule {name}, N'DATABASE_DDL_TRIGGER'"
    else:
        sql = f"EXEC sys.sp_refreshsqlmodule {name}"
    return (Statement(sql, exists(module), making=False),)


def _ddl_trigger_changes(old: Module | None, new: Module) -> tuple[Statement, ...]:
    if new.kind is not Kind.DDL_TRIGGER:
        return ()
    there, name = exists(new), bracket(new.name)
    said = []
    if (old.disabled if old else False) != new.disabled:
        verb = "DISABLE" if new.disabled else "ENABLE"
        said.append(Statement(f"{verb} TRIGGER {name} ON DATABASE", there, making=False))
    said += _orders(name, old.order if old else (), new.order, there, ", N'DATABASE'")
    return tuple(said)


def create_trigger(full: str, trigger: Trigger, target: Target) -> tuple[Statement, ...]:
    """CREATE TRIGGER on the table or view `full`, its order and state."""
    there = trigger_exists(trigger)
    text = _text(trigger, target, as_create(_readable(trigger)))
    return (
        *_in_its_settings(trigger, text, there, target, making=True),
        *_trigger_changes(full, None, trigger),
    )


def alter_trigger(full: str, old: Trigger, new: Trigger, target: Target) -> tuple[Statement, ...]:
    """ALTER where the text differs; that forgets the order, which is said again."""
    if _whole(old) == _whole(new):
        return _trigger_changes(full, old, new)
    if target.has("drop-and-create"):
        return (*drop_trigger(old), *create_trigger(full, new, target))
    text = _text(new, target, as_alter(_readable(new)))
    return (
        *_in_its_settings(new, text, trigger_exists(new), target, making=False),
        *_trigger_changes(full, old._replace(disabled=_other_state(old, new), order=()), new),
    )


def drop_trigger(trigger: Trigger) -> tuple[Statement, ...]:
    """DROP TRIGGER."""
    sql = f"DROP TRIGGER {two_part(trigger.schema, trigger.name)}"
    return (Statement(sql, trigger_exists(trigger), making=False),)


def trigger_exists(trigger: Trigger) -> str:
    """Give the condition that is true when the trigger is there."""
    name = two_part(trigger.schema, trigger.name)
    return f"OBJECT_ID({quote_string(name)}) IS NOT NULL"


def _trigger_changes(full: str, old: Trigger | None, new: Trigger) -> tuple[Statement, ...]:
    name, there = two_part(new.schema, new.name), trigger_exists(new)
    said = _orders(name, old.order if old else (), new.order, there)
    if (old.disabled if old else False) != new.disabled:
        verb = "DISABLE" if new.disabled else "ENABLE"
        said.append(Statement(f"{verb} TRIGGER {name} ON {full}", there, making=False))
    return tuple(said)


def _orders(
    name: str,
    old: tuple[tuple[str, str], ...],
    new: tuple[tuple[str, str], ...],
    there: str,
    more: str = "",
) -> list[Statement]:
    """sp_settriggerorder for each event whose order differs."""
    before, after = dict(old), dict(new)
    return [
        Statement(
            f"EXEC sp_settriggerorder {quote_string(name)}, "
            f"{quote_string(after.get(event, 'None'))}, {quote_string(event)}{more}",
            there,
            making=False,
        )
        for event in sorted({*before, *after})
        if before.get(event) != after.get(event)
    ]


def _whole(program: Program) -> tuple[str, bool, bool]:
    return program.definition, program.quoted_identifier, program.ansi_nulls


def _text(program: Program, target: Target, otherwise: str) -> str:
    if target.has("create-or-alter") and target.knows("CREATE OR ALTER"):
        otherwise = as_create_or_alter(program.definition)
    # Where the verb is the wanted one it stays as it is written, `create` too.
    same = otherwise.lower() == program.definition.lower()
    return program.definition if same else otherwise


def _readable(program: Program) -> str:
    if program.definition.strip():
        return program.definition
    raise CheckFailed(
        f"{two_part(program.schema, program.name)} is encrypted: its text cannot be read",
        advice="leave it out by `--exclude`, or give its script in the source",
    )


def _in_its_settings(
    program: Program, text: str, there: str, target: Target, *, making: bool
) -> tuple[Statement, ...]:
    """The text between SET ... OFF and SET ... ON, where it was written under OFF.

    CREATE OR ALTER asks for no condition: it does what is left to do.
    """
    sure = target.has("create-or-alter") and target.knows("CREATE OR ALTER")
    settings = [
        name
        for name, on in (
            ("QUOTED_IDENTIFIER", program.quoted_identifier),
            ("ANSI_NULLS", program.ansi_nulls),
        )
        if not on
    ]
    body = Statement(text, "" if sure else there, making=making, alone=True)
    return (
        *(Statement(f"SET {name} OFF") for name in settings),
        body,
        *(Statement(f"SET {name} ON") for name in settings),
    )
