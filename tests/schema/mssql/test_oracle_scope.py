"""Every type of object is read, and what is exported of it makes it again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.schema.mssql.oracle.database import Database

EVERYTHING = Path(__file__).parent / "oracle" / "everything.sql"


@pytest.fixture(scope="module")
def everything() -> Database:
    return Database.from_scripts([EVERYTHING.read_text()])


def test_every_type_of_object_is_read(everything: Database) -> None:
    found = {kind: len(objects) for kind, objects in everything.state().items()}

    assert found == {
        "tables": 6,
        "modules": 6,
        "partition function": 1,
        "partition scheme": 1,
        "user": 3,
        "role": 1,
        "member": 1,
        "queue": 1,
        "route": 1,
        "remote service binding": 1,
        "event notification": 1,
        "certificate": 1,
        "asymmetric key": 1,
        "symmetric key": 1,
        "xml schema collection": 1,
        "fulltext stoplist": 1,
        "search property list": 1,
        "fulltext catalog": 1,
        "type": 5,
        "security policy": 1,
        "assembly": 1,
        "aggregate": 1,
        "synonym": 1,
        "default": 1,
        "message type": 1,
        "contract": 1,
        "service": 1,
        "sequence": 1,
        "properties": 5,
        "permissions": 10,
        "owners": 3,
    }


@pytest.mark.parametrize("order", [list, reversed])
def test_what_is_exported_makes_every_type_again(
    everything: Database, order: Callable[[list[str]], list[str]]
) -> None:
    texts = order([text for _, text in everything.export()])

    assert Database.from_scripts(texts).state() == everything.state()
