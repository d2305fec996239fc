"""What the objects that are only a name and facts need."""

import re
from collections.abc import Callable, Iterator

from pipeline.schema.diff.mssql.operation import Part, PartKind
from pipeline.schema.diff.mssql.parts import object_part, principals
from pipeline.schema.diff.mssql.state import Need, State, Tie
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind, fold, key
from pipeline.schema.normalise.mssql.modules import mentions

_PATH = re.compile(r"\[((?:[^\]]|\]\])*)\]")
_STRING = re.compile(r"^N?'(.*)'$", re.DOTALL)


def _names(text: str) -> tuple[str, ...]:
    """Give the names in brackets of a fact."""
    return tuple(each.replace("]]", "]") for each in _PATH.findall(text))


def _plain(text: str) -> str:
    """Give what a fact `N'x'` or `[x]` names."""
    found = _STRING.match(text)
    if found:
        return found[1].replace("''", "'")
    names = _names(text)
    return names[-1] if names else text


def _two(kind: Kind, text: str) -> Part | None:
    """Give the object that `[schema].[name]` is; None where it stands in another database."""
    names = _names(text)
    if not names or len(names) > 2:
        return None
    schema = names[0] if len(names) > 1 else "dbo"
    return object_part(key(kind, schema, names[-1]))


def item_needs(item: Item, state: State) -> Iterator[Need]:
    """Give what an item needs besides its schema and its owner."""
    found = _NEEDS.get(item.kind)
    if found is not None:
        yield from found(item, state)


def _one(kind: Kind, text: str, tie: Tie = Tie.HOLDING) -> Iterator[Need]:
    if text:
        yield Need(object_part(key(kind, "", _plain(text))), tie)


def _listed(item: Item, prefix: str, kind: Kind) -> Iterator[Need]:
    for name, _ in item.facts:
        if name.startswith(prefix):
            yield Need(object_part(key(kind, "", name.removeprefix(prefix))), Tie.HOLDING)


def _crypto(text: str) -> Iterator[Need]:
    for words, kind in (
        ("ASSEMBLY ", Kind.ASSEMBLY),
        ("CERTIFICATE ", Kind.CERTIFICATE),
        ("ASYMMETRIC KEY ", Kind.ASYMMETRIC_KEY),
        ("SYMMETRIC KEY ", Kind.SYMMETRIC_KEY),
    ):
        if text.startswith(words):
            yield from _one(kind, text.removeprefix(words))


def _from(item: Item, state: State) -> Iterator[Need]:
    yield from _crypto(item.fact("from"))


def _contract(item: Item, state: State) -> Iterator[Need]:
    yield from _listed(item, "message:", Kind.MESSAGE_TYPE)


def _message(item: Item, state: State) -> Iterator[Need]:
    validation = item.fact("validation")
    found = _two(Kind.XML_SCHEMA_COLLECTION, validation)
    if found is not None:
        yield Need(found, Tie.HOLDING)


def _notification(item: Item, state: State) -> Iterator[Need]:
    queue = _two(Kind.QUEUE, item.fact("on"))
    if queue is not None:
        yield Need(queue, Tie.HOLDING)
    yield from _one(Kind.SERVICE, item.fact("service"), Tie.MAKING)


def _copied_from(kind: Kind) -> Callable[[Item, State], Iterator[Need]]:
    def found(item: Item, state: State) -> Iterator[Need]:
        names = _names(item.fact("from"))
        if len(names) == 1:
            yield Need(object_part(key(kind, "", names[0])), Tie.MAKING)

    return found


def _scheme(item: Item, state: State) -> Iterator[Need]:
    yield from _one(Kind.PARTITION_FUNCTION, item.fact("function"))


def _queue(item: Item, state: State) -> Iterator[Need]:
    procedure = _two(Kind.STORED_PROCEDURE, item.fact("procedure"))
    if procedure is not None:
        yield Need(procedure, Tie.MAKING)
    user = item.fact("execute_as")
    if user.startswith("N'"):
        yield from (Need(each, Tie.MAKING) for each in principals(_plain(user)))


def _service(item: Item, state: State) -> Iterator[Need]:
    queue = _two(Kind.QUEUE, item.fact("queue"))
    if queue is not None:
        yield Need(queue, Tie.HOLDING)
    yield from _listed(item, "contract:", Kind.CONTRACT)


def _binding(item: Item, state: State) -> Iterator[Need]:
    yield from (Need(each, Tie.HOLDING) for each in principals(_plain(item.fact("user"))))


def _symmetric(item: Item, state: State) -> Iterator[Need]:
    for name, _ in item.facts:
        if name.startswith("encryption:"):
            yield from _crypto(name.removeprefix("encryption:"))


def _synonym(item: Item, state: State) -> Iterator[Need]:
    names = _names(item.fact("target"))
    if len(names) == 2:
        pair = (fold(names[0]), fold(names[1]))
        yield from (Need(each, Tie.WISH) for each in state.objects_named([pair]))


def _policy(item: Item, state: State) -> Iterator[Need]:
    """Its predicates hold functions and the columns that they are given, unless not bound."""
    tie = Tie.MAKING if item.fact("schema_binding") == "OFF" else Tie.HOLDING
    for name, call in item.facts:
        if not name.startswith("predicate:"):
            continue
        table = _two(Kind.TABLE, name)
        function, _, given = call.partition("(")
        called = _two(Kind.FUNCTION, function)
        if called is not None:
            yield Need(called, tie)
        if table is not None:
            yield Need(table, Tie.HOLDING)
            words = mentions(given.rpartition(")")[0])
            yield from (
                Need(piece.part, tie)
                for piece in state.pieces(table.key)
                if piece.part.kind is PartKind.COLUMN and state.column_named(piece.part) in words
            )


def _user(item: Item, state: State) -> Iterator[Need]:
    yield from _crypto(item.fact("from"))
    yield from _one(Kind.SCHEMA, item.fact("default_schema"), Tie.WISH)


def _type(item: Item, state: State) -> Iterator[Need]:
    names = _names(item.fact("external_name"))
    if names:
        yield Need(object_part(key(Kind.ASSEMBLY, "", names[0])), Tie.HOLDING)


_NEEDS: dict[Kind, Callable[[Item, State], Iterator[Need]]] = {
    Kind.ASYMMETRIC_KEY: _from,
    Kind.CERTIFICATE: _from,
    Kind.CONTRACT: _contract,
    Kind.EVENT_NOTIFICATION: _notification,
    Kind.FULL_TEXT_STOPLIST: _copied_from(Kind.FULL_TEXT_STOPLIST),
    Kind.MESSAGE_TYPE: _message,
    Kind.PARTITION_SCHEME: _scheme,
    Kind.QUEUE: _queue,
    Kind.SEARCH_PROPERTY_LIST: _copied_from(Kind.SEARCH_PROPERTY_LIST),
    Kind.SECURITY_POLICY: _policy,
    Kind.SERVICE: _service,
    Kind.SERVICE_BINDING: _binding,
    Kind.SYMMETRIC_KEY: _symmetric,
    Kind.SYNONYM: _synonym,
    Kind.USER: _user,
    Kind.USER_DEFINED_TYPE: _type,
}
