"""The site runs: its own tests, and what the demo of a deploy needs of each version."""

import json
from pathlib import Path

import pytest

from tests.example.conftest import Assemble, Build, Manage

pytestmark = pytest.mark.live

KEY = {"DJANGO_SECRET_KEY": "test", "HOMEBREW_DATABASE": "nowhere/at/all.db"}

HEALTH = """
from django.test import Client
print(Client(headers={"host": "localhost"}).get("/health").content.decode())
"""

# Everything that a visitor can write.
VISIT = """
from django.test import Client
from recipes.tests import PORTER
visitor = Client(headers={"host": "localhost"})
secret = "barley-and-water"
account = {"username": "ada", "password1": secret, "password2": secret}
for address, data in (
    ("/starters/", {}),
    ("/account/register/", account),
    ("/cellar/add/", PORTER),
    ("/recipes/6/edit/", {**PORTER, "title": "Front Door Porter"}),
):
    answer = visitor.post(address, data)
    assert answer.status_code == 302, (address, answer.content)
for address in ("/", "/cellar/", "/recipes/6/", "/search/?q=malt"):
    assert b"Front Door Porter" in visitor.get(address).content, address
print("fine")
"""


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_its_own_tests_pass(version: str, assemble: Assemble, manage: Manage) -> None:
    """Also those of v3: the models make the table that the scripts forgot."""
    done = manage(assemble(version), "test", **KEY)
    assert done.returncode == 0, done.stderr


def test_it_does_not_start_without_a_key(assemble: Assemble, manage: Manage) -> None:
    done = manage(assemble("v2"), "check")
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].endswith(
        "DJANGO_SECRET_KEY is not set. Developers may set it to anything, say 'dev'."
    )


def test_static_files_are_collected_without_a_database(
    assemble: Assemble, manage: Manage, tmp_path: Path
) -> None:
    static = tmp_path / "static"
    tree = assemble("v2")
    done = manage(tree, "collectstatic", "--no-input", HOMEBREW_STATIC_ROOT=str(static), **KEY)
    assert done.returncode == 0, done.stderr
    paths = json.loads((static / "staticfiles.json").read_text())["paths"]
    assert set(paths) == {"recipes/style.css", "recipes/logo.svg"}
    assert all((static / hashed).is_file() for hashed in paths.values())


@pytest.mark.parametrize(
    ("code", "schema"), [("v1", "v1"), ("v1", "v2"), ("v2", "v2")], ids=lambda version: version
)
def test_visitors_are_served(
    code: str, schema: str, assemble: Assemble, build: Build, manage: Manage
) -> None:
    """While a deploy rolls, v1's workers live with v2's schema."""
    tree = assemble(code)
    database = build(tree if schema == code else assemble(schema))
    done = manage(tree, "shell", "-v0", "-c", VISIT, **KEY | {"HOMEBREW_DATABASE": str(database)})
    assert done.stdout == "fine\n", done.stderr


@pytest.mark.parametrize(
    ("code", "schema", "problem"),
    [
        ("v1", "v2", ""),
        ("v2", "v2", ""),
        ("v2", "v1", "no such column: recipes_recipe.style"),
        ("v3", "v3", "no such table: recipes_award"),
    ],
)
def test_health(
    code: str, schema: str, problem: str, assemble: Assemble, build: Build, manage: Manage
) -> None:
    tree = assemble(code)
    database = build(tree if schema == code else assemble(schema))
    done = manage(tree, "shell", "-v0", "-c", HEALTH, **KEY | {"HOMEBREW_DATABASE": str(database)})
    answer = json.loads(done.stdout)
    assert answer["status"] == ("failing" if problem else "ok")
    assert answer["checks"]["database"] == (problem or "ok")
