"""Calls of system procedures that change tables, and of those that change nothing we compare."""

from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.calls import Call, name_parts, read_call
from pipeline.schema.syntax.mssql.clauses import skip_statement
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement

_TABLE_OPTIONS = {
    "insert row lock": "INSERT ROW LOCK",
    "large value types out of row": "LARGE VALUE TYPES OUT OF ROW",
    "table lock on bulk load": "TABLE LOCK ON BULK LOAD",
    "text in row": "TEXT IN ROW",
    "vardecimal storage format": "VARDECIMAL STORAGE FORMAT",
}
_SWITCHED = {"1": "ON", "true": "ON", "on": "ON", "0": "", "false": "", "off": ""}
_TEXT_IN_ROW = "256"
"""The bytes that `text in row` ON means."""

_NOTED = frozenset(
    {
        "SP_ADDALIAS",
        "SP_ADDEXTENDEDPROC",
        "SP_ADDLINKEDSERVER",
        "SP_ADDLINKEDSRVLOGIN",
        "SP_ADDLOGIN",
        "SP_ADDMESSAGE",
        "SP_ADDREMOTELOGIN",
        "SP_ADDSERVER",
        "SP_ADDSRVROLEMEMBER",
        "SP_ADD_TRUSTED_ASSEMBLY",
        "SP_ALTERMESSAGE",
        "SP_AUTOSTATS",
        "SP_CDC_DISABLE_DB",
        "SP_CDC_DISABLE_TABLE",
        "SP_CDC_ENABLE_DB",
        "SP_CDC_ENABLE_TABLE",
        "SP_CHANGEDBOWNER",
        "SP_CHANGE_USERS_LOGIN",
        "SP_CONFIGURE",
        "SP_CONTROL_PLAN_GUIDE",
        "SP_CREATE_PLAN_GUIDE",
        "SP_CREATE_PLAN_GUIDE_FROM_HANDLE",
        "SP_DBCMPTLEVEL",
        "SP_DBOPTION",
        "SP_DB_VARDECIMAL_STORAGE_FORMAT",
        "SP_DEFAULTDB",
        "SP_DEFAULTLANGUAGE",
        "SP_DENYLOGIN",
        "SP_DROPALIAS",
        "SP_DROPEXTENDEDPROC",
        "SP_DROPLINKEDSRVLOGIN",
        "SP_DROPLOGIN",
        "SP_DROPMESSAGE",
        "SP_DROPSERVER",
        "SP_DROPSRVROLEMEMBER",
        "SP_DROP_TRUSTED_ASSEMBLY",
        "SP_GRANTLOGIN",
        "SP_INDEXOPTION",
        "SP_PASSWORD",
        "SP_PROCOPTION",
        "SP_REVOKELOGIN",
        "SP_SERVEROPTION",
    }
)
"""What they do is kept, but by nothing that is compared."""


def _table_option(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("tablenamepattern", "optionname", "optionvalue"))
    said = call.needed("optionname").lower()
    if said not in _TABLE_OPTIONS:
        call.fail(f"sp_tableoption has no option {said}")
    option = _TABLE_OPTIONS[said]
    value = _option_value(call, option)
    parts = name_parts(call.needed("tablenamepattern"), call.where)
    schema = parts[-2] if len(parts) > 1 else builder.default_schema

    def change(had: Table) -> Table:
        options = {**dict(had.options), option: value}
        return had._replace(options=tuple(sorted(each for each in options.items() if each[1])))

    builder.change_table(schema, parts[-1], change, cursor)


def _option_value(call: Call, option: str) -> str:
    """ON, bytes, or '' for the default."""
    said = call.needed("optionvalue").lower()
    if option == "TEXT IN ROW" and said.isdigit() and said not in {"0", "1"}:
        return said
    if said not in _SWITCHED:
        call.fail(f"sp_tableoption: {said} is neither ON nor OFF")
    value = _SWITCHED[said]
    return _TEXT_IN_ROW if option == "TEXT IN ROW" and value else value


def _note(cursor: Cursor, builder: Builder) -> None:
    place = cursor.script.place(cursor.position)
    cursor.accept_any("EXEC", "EXECUTE")
    if cursor.token.startswith("@"):
        cursor.next()
        cursor.expect("=")
    name = cursor.parts()[-1]
    cursor.position -= 1
    skip_statement(cursor)
    builder.note(f"{place}: EXEC {name} is not compared: it is none of the types that are")


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("EXEC", "SP_TABLEOPTION"): _table_option,
    **{("EXEC", name): _note for name in sorted(_NOTED)},
}
