"""Partition functions and schemes; full-text catalogues, stoplists and search property lists."""

from pipeline.schema.model.mssql.facts import ON, listed
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.broker import altered, made, owned
from pipeline.schema.writers.mssql.changes import Changes, listed_facts, said
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target


def create_function(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE PARTITION FUNCTION."""
    target.need("partitioning", bracket(item.name))
    sql = f"CREATE PARTITION FUNCTION {bracket(item.name)} ({item.fact('type')})"
    sql += f" AS RANGE {said(item, 'range')} FOR VALUES ({item.fact('values')})"
    return made(item, sql)


def alter_function(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """SPLIT and MERGE of the boundaries that come and go.

    A split needs NEXT USED of each scheme that uses the function: that is the plan's business.
    """
    before, after = listed(changes.old.fact("values")), listed(changes.new.fact("values"))
    begin = f"ALTER PARTITION FUNCTION {bracket(changes.new.name)}()"
    gone = [f"{begin} MERGE RANGE ({each})" for each in before if each not in after]
    come = [f"{begin} SPLIT RANGE ({each})" for each in after if each not in before]
    return altered(changes.new, *gone, *come)


def create_scheme(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE PARTITION SCHEME."""
    target.need("partitioning", bracket(item.name))
    sql = f"CREATE PARTITION SCHEME {bracket(item.name)} AS PARTITION {item.fact('function')}"
    groups = item.fact("filegroups")
    if groups.upper().startswith("ALL "):
        return made(item, f"{sql} ALL TO ({groups[4:]})")
    extra = item.fact("next_used")
    return made(item, f"{sql} TO ({groups}{f', {extra}' if extra else ''})")


def alter_scheme(changes: Changes, target: Target) -> tuple[Statement, ...] | None:
    """ALTER PARTITION SCHEME knows only what is used next."""
    following = changes.new.fact("next_used")
    sql = f"ALTER PARTITION SCHEME {bracket(changes.new.name)} NEXT USED"
    return altered(changes.new, f"{sql} {following}" if following else sql)


def create_catalog(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE FULLTEXT CATALOG."""
    sql = f"CREATE FULLTEXT CATALOG {bracket(item.name)}"
    sql += f" ON FILEGROUP {item.fact('filegroup')}" if item.fact("filegroup") else ""
    sql += f" IN PATH {item.fact('path')}" if item.fact("path") else ""
    accents = item.fact("accent_sensitivity")
    sql += f" WITH ACCENT_SENSITIVITY = {accents}" if accents else ""
    sql += " AS DEFAULT" if item.fact("default") == ON else ""
    return made(item, sql + owned(item))


def alter_catalog(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """REBUILD for accents, AS DEFAULT; another default takes that away by itself."""
    begin, sqls = f"ALTER FULLTEXT CATALOG {bracket(changes.new.name)}", []
    if changes.has("accent_sensitivity"):
        accents = changes.now("accent_sensitivity")
        sqls.append(f"{begin} REBUILD WITH ACCENT_SENSITIVITY = {accents}")
    if changes.has("default") and changes.now("default") == ON:
        sqls.append(f"{begin} AS DEFAULT")
    return altered(changes.new, *sqls)


def create_stoplist(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE FULLTEXT STOPLIST and its words."""
    sql = f"CREATE FULLTEXT STOPLIST {bracket(item.name)}"
    sql += f" FROM {item.fact('from')}" if item.fact("from") else ""
    words = [_word(item, name, ON) for name, _ in listed_facts(item, "word:")]
    # The semicolon is part of this statement: the server asks for it.
    return (*made(item, f"{sql}{owned(item)};"), *altered(item, *words))


def alter_stoplist(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """Words added and dropped."""
    words = changes.of("word:")
    return altered(changes.new, *(_word(changes.new, name, after) for name, _, after in words))


def _word(item: Item, name: str, wanted: str) -> str:
    # A language is its number, or N'name'.
    language, _, word = name.partition(":")
    how = "ADD" if wanted else "DROP"
    words = f"{how} {quote_string(word)} LANGUAGE {language}"
    return f"ALTER FULLTEXT STOPLIST {bracket(item.name)} {words};"


def create_property_list(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE SEARCH PROPERTY LIST and its properties."""
    sql = f"CREATE SEARCH PROPERTY LIST {bracket(item.name)}"
    sql += f" FROM {item.fact('from')}" if item.fact("from") else ""
    properties = [_property(item, n, value) for n, value in listed_facts(item, "property:")]
    return (*made(item, f"{sql}{owned(item)};"), *altered(item, *properties))


def alter_property_list(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """Properties dropped, then added: one that differs is both."""
    properties = changes.of("property:")
    item = changes.new
    return altered(
        item,
        *(_property(item, name, "") for name, before, _ in properties if before),
        *(_property(item, name, after) for name, _, after in properties if after),
    )


def _property(item: Item, name: str, value: str) -> str:
    begin, quoted = f"ALTER SEARCH PROPERTY LIST {bracket(item.name)}", quote_string(name)
    return f"{begin} ADD {quoted} WITH ({value});" if value else f"{begin} DROP {quoted};"
