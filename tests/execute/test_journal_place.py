"""A journal is a file on a disk of this machine, and nothing else."""

from pathlib import Path

import pytest

from pipeline.errors import BadInventory, CheckFailed
from pipeline.execute.journal_place import (
    Mount,
    journal_path,
    mounts,
    network_kind,
    refuse_network,
)

MOUNTS = (
    Mount("/", "ext4"),
    Mount("/home", "nfs4"),
    Mount("/home/ann/local", "xfs"),
    Mount("/mnt/share", "fuse.sshfs"),
    Mount("/mnt/twice", "ext4"),
    Mount("/mnt/twice", "cifs"),
    Mount("/mnt/guest", "9p"),
    Mount("C:\\", "NTFS"),
    Mount("S:\\", "NTFS", remote=True),
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/farm/journal.db", ""),
        ("/home/ann/journal.db", "nfs4"),
        ("/home/ann/local/journal.db", ""),
        ("/homes/journal.db", ""),
        ("/mnt/share/journal.db", "fuse.sshfs"),
        ("/mnt/twice/journal.db", "cifs"),
        ("/mnt/guest/journal.db", ""),
        ("C:\\farm\\journal.db", ""),
        ("s:\\farm\\journal.db", "NTFS"),
        ("\\\\server\\share\\journal.db", "UNC"),
    ],
)
def test_a_network_path_is_known_by_its_mount(path: str, kind: str) -> None:
    assert network_kind(path, MOUNTS) == kind


def test_a_network_path_is_refused_with_advice() -> None:
    with pytest.raises(CheckFailed) as caught:
        refuse_network(Path("/home/ann/journal.db"), MOUNTS)
    assert caught.value.lines() == (
        "/home/ann/journal.db: the journal would be on another machine (nfs4): "
        "a SQLite file breaks there",
        "  -> keep .farm on a local disk",
    )


def test_the_mounts_of_this_machine_are_found() -> None:
    assert mounts()


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("journal.db", "journal.db"),
        ("sqlite:///state/journal.db", "state/journal.db"),
        ("sqlite:////srv/journal.db", "/srv/journal.db"),
    ],
)
def test_a_journal_is_named_by_path_or_url(setting: str, path: str) -> None:
    assert journal_path(setting) == Path(path)


def test_a_journal_in_another_database_is_refused_for_now() -> None:
    with pytest.raises(BadInventory) as caught:
        journal_path("postgresql+psycopg://ann:word@db/farm")
    assert str(caught.value) == (
        "journal: a journal in postgresql+psycopg: only SQLite files are supported"
    )
