"""What it costs to change or to drop a whole object that is no module."""

from collections.abc import Mapping

from pipeline.hazard import HazardName
from pipeline.phase import Phase
from pipeline.schema.diff.mssql.cost import Cost
from pipeline.schema.diff.mssql.operation import Value
from pipeline.schema.diff.mssql.words import kind_words
from pipeline.schema.model.mssql.items import AliasType, Item, TableType
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.normalise.mssql.options import Options

_USED_BY_CODE = frozenset({Kind.QUEUE, Kind.SEQUENCE, Kind.SERVICE, Kind.SYNONYM})
_LOST: Mapping[Kind, str] = {
    Kind.ASYMMETRIC_KEY: "what is encrypted by the key cannot be read any more",
    Kind.CERTIFICATE: "what is encrypted by the certificate cannot be read any more",
    Kind.QUEUE: "the messages in the queue are dropped",
    Kind.SYMMETRIC_KEY: "what is encrypted by the key cannot be read any more",
}


def object_dropped(cost: Cost, value: Value) -> None:
    """One that only the target has."""
    cost.at(Phase.CONTRACT)
    words = kind_words(_kind(value))
    cost.add(HazardName.DROPS_OBJECT, f"only the target has this {words}")
    match value:
        case Table():
            cost.add(HazardName.LOSES_DATA, "the rows of the table are dropped")
            cost.breaks("old code may use the table")
        case Item():
            if value.kind in _LOST:
                cost.add(HazardName.LOSES_DATA, _LOST[value.kind])
            if value.kind in _USED_BY_CODE:
                cost.breaks(f"old code may use the {words}")
        case TableType() | AliasType():
            cost.breaks("old code may use the type")
        case _:
            pass


def _kind(value: Value) -> str:
    match value:
        case Table():
            return Kind.TABLE.value
        case Module() | Item():
            return value.kind.value
        case TableType():
            return "TableType"
        case AliasType():
            return "AliasType"
        case _:
            return "Object"


def table_changed(cost: Cost, old: Table, new: Table, options: Options) -> None:
    """Options of a table that are altered in place."""
    before, after = dict(old.options), dict(new.options)
    for name in ("DATA_COMPRESSION", "XML_COMPRESSION"):
        online = options.has("online") and options.edition in {"enterprise", "azure"}
        if before.get(name) != after.get(name) and not online:
            cost.locks("every row is written anew")
    if before.get("CHANGE_TRACKING") == "ON" != after.get("CHANGE_TRACKING"):
        cost.at(Phase.CONTRACT)
        cost.add(HazardName.LOSES_DATA, "the changes that were tracked are dropped")


def item_changed(cost: Cost, old: Item, new: Item, *, again: bool) -> None:
    """Facts of an object; `again` when it is dropped and created for that."""
    if again and new.kind in _LOST:
        cost.add(HazardName.LOSES_DATA, _LOST[new.kind])
    match new.kind:
        case Kind.SEQUENCE:
            if again or old.fact("start") != new.fact("start"):
                cost.changes("it counts from its start again")
            elif old.facts != new.facts:
                cost.changes("it counts otherwise")
        case Kind.SYNONYM:
            cost.changes(f"it stands for {new.fact('target')} now")
        case Kind.SECURITY_POLICY:
            cost.changes("who sees which rows is decided otherwise")
        case Kind.QUEUE | Kind.SERVICE | Kind.CONTRACT | Kind.MESSAGE_TYPE | Kind.ROUTE:
            cost.changes("messages are handled otherwise")
        case Kind.ASSEMBLY:
            cost.changes("its functions have another code")
        case Kind.DEFAULT | Kind.RULE | Kind.EVENT_NOTIFICATION:
            cost.changes("it has another text")
        case Kind.PARTITION_FUNCTION:
            cost.locks("rows move between partitions")
        case Kind.FULL_TEXT_CATALOG:
            if old.fact("accent_sensitivity") != new.fact("accent_sensitivity"):
                cost.changes("words with accents are found otherwise; the catalog is filled anew")
        case Kind.USER:
            if old.facts != new.facts and again:
                cost.changes("it is another sort of user")
        case _:
            pass
