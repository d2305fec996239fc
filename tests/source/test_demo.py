"""The demo's repository: real changesets of example/, and edits that become more of them."""

import shutil
from pathlib import Path

import pytest

from pipeline.source.demo import ensure_demo
from pipeline.source.repository import Repository

FILES = {
    "example/manage.py": "manage",
    "example/app/models.py": "two",
    "example/app/ranking.py": "ranking",
    "example/app/__pycache__/models.cpython-311.pyc": "no",
    "example/site.db": "no",
    "example/history/v1/REMOVED": "app/ranking.py\nschema/views\n",
    "example/history/v1/app/models.py": "one",
    "example/history/v3/app/models.py": "three",
    "schema/tables/recipe.sql": "table",
    "schema/views/ranking.sql": "view",
    "templates/apache/site.conf": "conf",
}
V1 = {
    "manage.py": "manage",
    "app/models.py": "one",
    "schema/tables/recipe.sql": "table",
    "templates/apache/site.conf": "conf",
}
V2 = V1 | {"app/models.py": "two", "app/ranking.py": "ranking", "schema/views/ranking.sql": "view"}
V3 = V2 | {"app/models.py": "three"}


def write(project: Path, files: dict[str, str]) -> None:
    for path, content in files.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(content, encoding="utf-8")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("project")
    write(project, FILES)
    assert ensure_demo(project, project / ".farm" / "demo-hg")
    return project


@pytest.fixture
def project(fresh: Path, tmp_path: Path) -> Path:
    return shutil.copytree(fresh, tmp_path / "project")


def tree(project: Path, rev: str) -> dict[str, str]:
    with Repository.open(project / ".farm" / "demo-hg") as repository:
        folder = repository.archive(repository.resolve(rev, "default").node, project / "trees")
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def history(project: Path) -> list[str]:
    template = "{rev} {branch} {bookmarks} {date|isodate}: {desc}\n"
    with Repository.open(project / ".farm" / "demo-hg") as repository:
        return repository.server.tell("log", "-T", template).splitlines()


def nodes(project: Path) -> list[str]:
    with Repository.open(project / ".farm" / "demo-hg") as repository:
        return repository.server.tell("log", "-T", "{node}\n").split()


FIRST = [
    "2 broken v3 2026-01-07 09:00 +0000: A model that the schema does not have",
    "1 default v2 2026-01-06 09:00 +0000: Tastings, stars and a ranking",
    "0 default v1 2026-01-05 09:00 +0000: Recipes, and who brewed them",
]


def test_there_are_three_versions(project: Path) -> None:
    assert history(project) == FIRST
    assert (tree(project, "v1"), tree(project, "v2"), tree(project, "v3")) == (V1, V2, V3)


def test_hashes_are_the_same_everywhere(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other, FILES)
    ensure_demo(other, other / ".farm" / "demo-hg")
    assert nodes(other) == nodes(project)


def test_there_is_nothing_to_do_twice(project: Path) -> None:
    write(project, {"example/app/__pycache__/views.cpython-311.pyc": "no", "example/site.db": "!"})
    assert not ensure_demo(project, project / ".farm" / "demo-hg")
    assert [path.name for path in (project / ".farm" / "demo-hg").iterdir()] == [".hg"]


def test_an_edit_becomes_a_changeset_and_v2_moves_to_it(project: Path) -> None:
    write(project, {"example/app/models.py": "edited"})
    assert ensure_demo(project, project / ".farm" / "demo-hg")
    assert history(project) == [
        "3 default v2 2026-01-06 09:01 +0000: example edited",
        FIRST[0],
        FIRST[1].replace(" v2 ", "  "),
        FIRST[2],
    ]
    assert tree(project, "v2") == V2 | {"app/models.py": "edited"}
    assert tree(project, "v3") == V3
    assert not ensure_demo(project, project / ".farm" / "demo-hg")


def test_an_edit_of_the_broken_version_goes_on_its_branch(project: Path) -> None:
    write(project, {"example/history/v3/app/models.py": "worse"})
    ensure_demo(project, project / ".farm" / "demo-hg")
    assert history(project)[0] == "3 broken v3 2026-01-07 09:01 +0000: example edited"
    assert tree(project, "v3") == V3 | {"app/models.py": "worse"}


def test_an_edit_that_was_taken_back_is_another_changeset(project: Path) -> None:
    for content in ("edited", "two"):
        write(project, {"example/app/models.py": content})
        ensure_demo(project, project / ".farm" / "demo-hg")
    assert history(project)[0] == "4 default v2 2026-01-06 09:02 +0000: example edited"
    assert tree(project, "v2") == V2


def test_an_edit_that_was_killed_before_its_end_is_done_again(project: Path) -> None:
    repo = project / ".farm" / "demo-hg"
    before = (repo / ".hg" / "farmhand-demo").read_text(encoding="utf-8")
    write(project, {"example/app/models.py": "edited"})
    ensure_demo(project, repo)
    done = nodes(project)
    with Repository.open(repo) as repository:  # as if killed between commit and bookmark
        repository.server.tell("bookmark", "-f", "-r", "1", "v2")
    (repo / ".hg" / "farmhand-demo").write_text(before, encoding="utf-8")
    (repo / "half.txt").write_text("half", encoding="utf-8")
    ensure_demo(project, repo)
    assert nodes(project) == done
    assert tree(project, "v2") == V2 | {"app/models.py": "edited"}
    assert [path.name for path in repo.iterdir()] == [".hg"]


def test_somebody_elses_repository_is_left_alone(project: Path) -> None:
    (project / ".farm" / "demo-hg" / ".hg" / "farmhand-demo").unlink()
    write(project, {"example/app/models.py": "edited"})
    assert not ensure_demo(project, project / ".farm" / "demo-hg")
    assert history(project) == FIRST


def test_the_users_own_configuration_does_not_matter(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hgrc = tmp_path / "hgrc"
    hgrc.write_text("[ui]\nusername = Me\n[phases]\nnew-commit = secret\n", encoding="utf-8")
    monkeypatch.setenv("HGRCPATH", str(hgrc))
    other = tmp_path / "other"
    write(other, FILES)
    ensure_demo(other, other / ".farm" / "demo-hg")
    assert nodes(other) == nodes(project)
