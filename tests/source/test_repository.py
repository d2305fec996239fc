"""What names mean, what lies between two changesets, and how a tree comes out."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import BadCall, CheckFailed, FarmhandError
from pipeline.facts.changeset import Changeset
from pipeline.source.repository import Repository
from tests.source.conftest import Author


def summary(repository: Repository, rev: str | None, branch: str = "default") -> str:
    return repository.resolve(rev, branch).summary


def test_a_bookmark_is_found_with_everything_about_it(repository: Repository) -> None:
    found = repository.resolve("stable", "default")
    assert found == Changeset(
        node=found.node,
        branch="default",
        author="Ann <ann@example.com>",
        date="1970-01-03T00:00:00+00:00",
        summary="Second",
        bookmarks=("stable",),
    )


def test_without_a_name_it_is_the_head_of_the_branch(repository: Repository) -> None:
    assert summary(repository, None).startswith("Added tag 1.0")


def test_a_tag_a_branch_and_a_hash_are_found(repository: Repository) -> None:
    first = repository.resolve("1.0", "default")
    assert first.summary == "First"
    assert summary(repository, "default").startswith("Added tag 1.0")
    for name in (first.node, first.short, first.short.upper()):
        assert repository.resolve(name, "default") == first


def test_several_heads_are_refused_and_each_is_named(repository: Repository) -> None:
    with pytest.raises(CheckFailed) as caught:
        repository.resolve(None, "two-heads")
    first, *heads, advice = "\n".join(caught.value.lines()).splitlines()
    assert first == "branch two-heads has 2 heads:"
    assert [line.split(maxsplit=1)[1] for line in heads] == [
        "Ann <ann@example.com>  1970-01-05T00:00:00+00:00  One way",
        "Ann <ann@example.com>  1970-01-06T00:00:00+00:00  Another way",
    ]
    assert advice == "  -> merge them, or name one with --rev"


REFUSED = {
    "a closed branch": ("shut", CheckFailed, "branch shut is closed"),
    "a near miss": ("stabel", BadCall, "the nearest names are stable"),
    "nothing near": ("qqqqqqq", BadCall, "no changeset named 'qqqqqqq'"),
    "an option": ("--config=hooks.pre-log=touch pwned", BadCall, "is not a name"),
    "a revset": ("all()", BadCall, "no changeset named 'all()'"),
    "a quote": ('x") or all() or id("', BadCall, "no changeset named"),
    "a backslash": ("x\\", BadCall, "no changeset named"),
    "a line end": ("stable\n", BadCall, "is not a name"),
    "nothing": ("", BadCall, "is not a name"),
    "tip": ("tip", BadCall, "the newest changeset of one clone"),
    "the working copy": (".", BadCall, "what one working copy is at"),
    "a number": ("1", BadCall, "a number, which means another changeset in each clone"),
    "a hash of nothing": ("f" * 40, BadCall, "no changeset named 'ffff"),
    "no changeset at all": ("0" * 12, BadCall, "no changeset named '0000"),
    "a pattern": ("re:.*", BadCall, "no changeset named 're:.*'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_name_is_refused(repository: Repository, case: str) -> None:
    rev, kind, said = REFUSED[case]
    with pytest.raises(FarmhandError) as caught:
        repository.resolve(rev, "default")
    assert type(caught.value) is kind
    assert said in "\n".join(caught.value.lines())


def test_a_branch_of_the_inventory_that_is_not_there_is_a_refusal(repository: Repository) -> None:
    with pytest.raises(CheckFailed, match="no branch 'defualt'") as caught:
        repository.resolve(None, "defualt")
    assert caught.value.advice == "the nearest names are default"


def test_a_prefix_of_several_hashes_says_so(
    source: Path, author: Callable[[Path], Author]
) -> None:
    ann = author(source)
    ann.hg("update", "-q", "default")
    for number in range(40):
        ann.commit("n.txt", str(number), day=10 + number)
    nodes = ann.hg("log", "-T", "{node}\n").split()
    letters = [node[0] for node in nodes]
    letter = next(it for it in "abcdef" if letters.count(it) > 1)
    several = sorted(node[:12] for node in nodes if node.startswith(letter))
    with Repository.open(source) as repository, pytest.raises(BadCall) as caught:
        repository.resolve(letter, "default")
    assert caught.value.what == f"--rev {letter} is ambiguous: {', '.join(several)}"


def test_between_is_newest_first_and_has_a_way_back(repository: Repository) -> None:
    old = repository.resolve("1.0", "default").node
    new = repository.resolve("default", "default").node
    forward = [changeset.summary for changeset in repository.between(old, new)]
    assert [text[:9] for text in forward] == ["Added tag", "Second"]
    assert repository.between(new, old) == ()
    assert repository.between(new, new) == ()


def test_between_refuses_what_is_not_there(repository: Repository) -> None:
    with pytest.raises(BadCall, match="no changeset ffff"):
        repository.between("f" * 40, repository.resolve("1.0", "default").node)


def test_a_tree_is_archived_once_and_clean(repository: Repository, tmp_path: Path) -> None:
    node = repository.resolve("stable", "default").node
    tree = repository.archive(node, tmp_path)
    assert tree == tmp_path / node
    assert sorted(path.name for path in tree.iterdir()) == ["a.txt", "b.txt"]
    (tree / "mark").touch()
    assert repository.archive(node, tmp_path) == tree
    assert (tree / "mark").exists()
    assert [path.name for path in tmp_path.iterdir()] == [node]


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/etc/passwd", "a link that leads out of the tree"),
        ("../../x", "a link that leads out of the tree"),
        ("nowhere", "a link without an end"),
        ("../sub", "a link without an end"),
    ],
)
def test_links_that_lead_out_of_the_tree_are_refused(
    source: Path, author: Callable[[Path], Author], tmp_path: Path, target: str, said: str
) -> None:
    ann = author(source)
    ann.hg("update", "-q", "default")
    (source / "sub").mkdir()
    (source / "sub" / "link").symlink_to(target)
    node = ann.commit("sub/file")
    with (
        Repository.open(source) as repository,
        pytest.raises(CheckFailed, match=f"sub/link is {said}"),
    ):
        repository.archive(node, tmp_path / "trees")
    assert list((tmp_path / "trees").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_links_within_the_tree_stay(
    source: Path, author: Callable[[Path], Author], tmp_path: Path
) -> None:
    ann = author(source)
    ann.hg("update", "-q", "default")
    (source / "link").symlink_to("a.txt")
    node = ann.commit("z.txt")
    with Repository.open(source) as repository:
        tree = repository.archive(node, tmp_path / "trees")
    assert (tree / "link").read_text(encoding="utf-8") == "a"
