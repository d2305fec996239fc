"""Full-text catalogs, stop lists and search property lists."""

from pipeline.schema.model.mssql.facts import facts
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind, bracket
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import (
    bracketed,
    bracketed_parts,
    on_off,
    one_of,
    owner,
    quoted,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Said, Statement, change, dropper, item
from pipeline.schema.syntax.mssql.languages import language


def _create_catalog(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "FULLTEXT", "CATALOG")
    name = cursor.name()
    said: Said = {}
    authorization = ""
    while True:
        if cursor.accept("ON", "FILEGROUP"):
            said["filegroup"] = bracketed(cursor)
        elif cursor.accept("IN", "PATH"):
            said["path"] = quoted(cursor)
        elif cursor.accept("WITH", "ACCENT_SENSITIVITY"):
            said["accent_sensitivity"] = on_off(cursor)
        elif cursor.accept("AS", "DEFAULT"):
            said["default"] = "ON"
            _no_other_default(builder)
        elif cursor.word == "AUTHORIZATION":
            authorization = owner(cursor)
        else:
            break
    builder.put(item(Kind.FULL_TEXT_CATALOG, name, said, authorization=authorization), cursor)


def _no_other_default(builder: Builder) -> None:
    """A database has one default catalog: the last that was said to be it."""
    for each in builder.each():
        if isinstance(each, Item) and each.kind is Kind.FULL_TEXT_CATALOG:
            said = {**dict(each.facts), "default": ""}
            builder.replace(each._replace(facts=facts(each.kind, said)))


def _alter_catalog(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "FULLTEXT", "CATALOG")
    name = cursor.name()
    added: Said = {}
    if cursor.accept("AS", "DEFAULT"):
        added["default"] = "ON"
        _no_other_default(builder)
    elif one_of(cursor, "REBUILD", "REORGANIZE") and cursor.accept("WITH", "ACCENT_SENSITIVITY"):
        added["accent_sensitivity"] = on_off(cursor)
    change(builder, Kind.FULL_TEXT_CATALOG, "", name, lambda said: said.update(added), cursor)


def _create_stoplist(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "FULLTEXT", "STOPLIST")
    name = cursor.name()
    said: Said = {}
    if cursor.accept("FROM"):
        system = cursor.accept("SYSTEM", "STOPLIST")
        said["from"] = "SYSTEM STOPLIST" if system else bracketed_parts(cursor.parts())
    authorization = owner(cursor)
    builder.put(item(Kind.FULL_TEXT_STOPLIST, name, said, authorization=authorization), cursor)


def _alter_stoplist(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "FULLTEXT", "STOPLIST")
    name = cursor.name()
    verb = one_of(cursor, "ADD", "DROP")
    everything = cursor.accept("ALL")
    word = "" if everything else cursor.string()
    said_language = language(cursor) if cursor.accept("LANGUAGE") else ""
    fact = f"word:{said_language}:{word}" if word else f"word:{said_language}"

    def edit(said: Said) -> None:
        if verb == "ADD":
            said[fact] = "ON"
            return
        for found in [each for each in said if each.startswith("word:")]:
            inside = not said_language or found.startswith(f"word:{said_language}:")
            if found == fact if word else inside:
                del said[found]

    change(builder, Kind.FULL_TEXT_STOPLIST, "", name, edit, cursor)


def _create_property_list(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "SEARCH", "PROPERTY", "LIST")
    name = cursor.name()
    said = {"from": bracketed_parts(cursor.parts())} if cursor.accept("FROM") else {}
    authorization = owner(cursor)
    builder.put(item(Kind.SEARCH_PROPERTY_LIST, name, said, authorization=authorization), cursor)


def _alter_property_list(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "SEARCH", "PROPERTY", "LIST")
    name = cursor.name()
    verb = one_of(cursor, "ADD", "DROP")
    fact = f"property:{cursor.string()}"
    value = _property(cursor) if verb == "ADD" else ""

    def edit(said: Said) -> None:
        for found in [each for each in said if each.lower() == fact.lower()]:
            del said[found]
        said[fact] = value

    change(builder, Kind.SEARCH_PROPERTY_LIST, "", name, edit, cursor)


_PARTS = ("PROPERTY_SET_GUID", "PROPERTY_INT_ID", "PROPERTY_DESCRIPTION")


def _property(cursor: Cursor) -> str:
    cursor.expect("WITH")

    def part() -> tuple[str, str]:
        word = one_of(cursor, *_PARTS)
        cursor.expect("=")
        if word == "PROPERTY_INT_ID":
            return word, cursor.number()
        value = quoted(cursor)
        return word, value.lower().replace("n'", "N'", 1) if word.endswith("GUID") else value

    found = dict(cursor.list_of(part))
    return ", ".join(f"{each} = {found[each]}" for each in _PARTS if each in found)


def catalog_called(
    builder: Builder, cursor: Cursor, name: str, action: str, path: str = ""
) -> None:
    """Do what `sp_fulltext_catalog` does; all but create and drop leave no trace."""
    if action == "create":
        said = {"path": path}
        builder.put(item(Kind.FULL_TEXT_CATALOG, name, said), cursor)
    elif action == "drop":
        builder.drop(Kind.FULL_TEXT_CATALOG, "", name)
    elif action not in {"start_incremental", "start_full", "stop", "rebuild"}:
        cursor.fail(f"sp_fulltext_catalog {bracket(name)} has no action {action}")


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "FULLTEXT", "CATALOG"): _create_catalog,
    ("ALTER", "FULLTEXT", "CATALOG"): _alter_catalog,
    ("DROP", "FULLTEXT", "CATALOG"): dropper(
        Kind.FULL_TEXT_CATALOG, "DROP", "FULLTEXT", "CATALOG"
    ),
    ("CREATE", "FULLTEXT", "STOPLIST"): _create_stoplist,
    ("ALTER", "FULLTEXT", "STOPLIST"): _alter_stoplist,
    ("DROP", "FULLTEXT", "STOPLIST"): dropper(
        Kind.FULL_TEXT_STOPLIST, "DROP", "FULLTEXT", "STOPLIST"
    ),
    ("CREATE", "SEARCH", "PROPERTY", "LIST"): _create_property_list,
    ("ALTER", "SEARCH", "PROPERTY", "LIST"): _alter_property_list,
    ("DROP", "SEARCH", "PROPERTY", "LIST"): dropper(
        Kind.SEARCH_PROPERTY_LIST, "DROP", "SEARCH", "PROPERTY", "LIST"
    ),
}
