"""What the SQL Server that a script is for has, by version and edition."""

from dataclasses import dataclass
from typing import Protocol

from pipeline.errors import CheckFailed

FIRST = {
    "a sequence": 2012,
    "a columnstore index": 2012,
    "a search property list": 2012,
    "a selective XML index": 2012,
    "a FileTable": 2012,
    "a contained database's user": 2012,
    "a clustered columnstore index": 2014,
    "a memory-optimised table": 2014,
    "incremental statistics": 2014,
    "PERIOD FOR SYSTEM_TIME": 2016,
    "SYSTEM_VERSIONING": 2016,
    "dynamic data masking": 2016,
    "Always Encrypted": 2016,
    "a security policy": 2016,
    "COMPRESSION_DELAY": 2016,
    "an index on a table type": 2014,
    "CREATE OR ALTER": 2016,
    "a user of an external provider": 2022,
    "STATISTICAL_SEMANTICS": 2012,
    "ALTER QUEUE MOVE TO": 2016,
    "ALTER COLUMN WITH ONLINE": 2016,
    "a graph table": 2017,
    "HISTORY_RETENTION_PERIOD": 2017,
    "an edge constraint": 2019,
    "a sensitivity classification": 2019,
    "OPTIMIZE_FOR_SEQUENTIAL_KEY": 2019,
    "a ledger table": 2022,
    "an ordered columnstore index": 2022,
    "XML_COMPRESSION": 2022,
    "AUTO_DROP of statistics": 2022,
    "a JSON index": 2025,
    "a VECTOR index": 2025,
    "the type json": 2025,
    "the type vector": 2025,
}
"""The first version of SQL Server that has a feature."""

ENTERPRISE_BEFORE_2016 = frozenset(
    {"compression", "partitioning", "a columnstore index", "a memory-optimised table"}
)
"""What only Enterprise had before 2016's first service pack gave it to all editions."""

NOT_IN_AZURE = frozenset({"a FileTable", "FILESTREAM"})


class Said(Protocol):
    """The part of the options of a comparison that a writer asks for."""

    @property
    def names(self) -> frozenset[str]: ...
    @property
    def target_version(self) -> int: ...
    @property
    def edition(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Target:
    """The server that the text is for. `export` is text to be read again, not to be run.

    An exported password is a row of stars; in a script to be run it is made up by the server.
    """

    version: int = 2022
    edition: str = "enterprise"
    names: frozenset[str] = frozenset()
    export: bool = False

    @classmethod
    def of(cls, options: Said) -> "Target":
        """Give the target that options speak of."""
        return cls(options.target_version, options.edition, options.names)

    def has(self, option: str) -> bool:
        """Whether an option is on."""
        return option in self.names

    def knows(self, feature: str) -> bool:
        """Whether the server has a feature."""
        if self.edition == "azure":
            return feature not in NOT_IN_AZURE
        return self.version >= FIRST.get(feature, 0) and self._edition_has(feature)

    def need(self, feature: str, what: str) -> None:
        """Refuse an object whose feature the server does not have. CheckFailed names both."""
        if self.export or self.knows(feature):
            return
        advice = "leave the object out by `--exclude`, or say another `--target-version`"
        if self.edition == "azure":
            raise CheckFailed(f"{what}: Azure SQL Database does not have {feature}", advice=advice)
        first = FIRST.get(feature, 0)
        if self.version < first:
            said = f"{what}: {feature} needs SQL Server {first}, the target is {self.version}"
            raise CheckFailed(said, advice=advice)
        said = f"{what}: {feature} needs Enterprise edition before SQL Server 2016"
        raise CheckFailed(
            said, advice="leave it out by `--exclude`, or say `--edition enterprise`"
        )

    @property
    def online(self) -> bool:
        """Whether indexes are to be built while the table is in use, and can be."""
        return self.has("online") and self.edition in {"enterprise", "azure"}

    def _edition_has(self, feature: str) -> bool:
        old = self.version < 2016 and self.edition in {"standard", "express"}
        return not (old and feature in ENTERPRISE_BEFORE_2016)


EXPORT = Target(export=True)
"""Text that is kept in files, or shown: every feature may be in it."""
