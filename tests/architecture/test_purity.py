"""The check of purity finds what it is for."""

import pytest

from tests.architecture.code import of_texts
from tests.architecture.purity import impure, is_pure


@pytest.mark.parametrize(
    "text",
    [
        "from dataclasses import dataclass",
        "from collections.abc import Mapping",
        "import hashlib, json, re",
        "from xml.etree import ElementTree as ET",
        "import xml.etree.ElementTree",
        "from pathlib import PurePosixPath, PureWindowsPath",
        "from pydantic import BaseModel",
        "from jinja2.sandbox import ImmutableSandboxedEnvironment",
        "from pipeline.not_written_yet import Thing",
        "self.open()",
    ],
)
def test_allowed(text: str) -> None:
    assert list(impure(of_texts({"pipeline/plan/step.py": text}), "pipeline.plan.step")) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import os", "os"),
        ("import os.path", "os.path"),
        ("from datetime import datetime", "datetime.datetime"),
        ("import pathlib", "pathlib"),
        ("from pathlib import Path", "pathlib.Path"),
        ("from pathlib import *", "pathlib.*"),
        ("def f():\n    import random", "random"),
        ("import urllib.request", "urllib.request"),
        ("from xml import sax", "xml.sax"),
        ("import importlib", "importlib"),
        ("import sqlalchemy", "sqlalchemy"),
    ],
)
def test_the_world_may_not_be_imported(text: str, what: str) -> None:
    code = of_texts({"pipeline/plan/step.py": text})
    line = text.count("\n") + 1
    assert list(impure(code, "pipeline.plan.step")) == [
        f"pipeline.plan.step imports {what} (line {line}): pure code gets text and values; "
        f"read them at the edge and pass them in"
    ]


def test_a_way_through_others_is_shown() -> None:
    code = of_texts(
        {
            "pipeline/plan/roll.py": "from pipeline.plan import step",
            "pipeline/plan/step.py": "from pipeline.disk import exclusive",
            "pipeline/disk.py": "import os",
        }
    )
    assert list(impure(code, "pipeline.plan.roll")) == [
        "pipeline.plan.roll -> pipeline.plan.step -> pipeline.disk imports os (line 1): "
        "pure code gets text and values; read them at the edge and pass them in"
    ]


def test_a_package_file_counts() -> None:
    code = of_texts({"pipeline/plan/__init__.py": "import time", "pipeline/plan/step.py": ""})
    assert list(impure(code, "pipeline.plan.step")) == [
        "pipeline.plan.step -> pipeline.plan imports time (line 1): "
        "pure code gets text and values; read them at the edge and pass them in"
    ]


@pytest.mark.parametrize("call", ["open", "print", "input", "eval", "id"])
def test_what_needs_no_import_may_not_be_called(call: str) -> None:
    code = of_texts({"pipeline/plan/step.py": f"x = 1\n{call}('x')"})
    assert list(impure(code, "pipeline.plan.step")) == [
        f"pipeline.plan.step:2 calls {call}(): do that in a room to the right of plan, "
        f"and pass the value in"
    ]


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("pipeline.errors", True),
        ("pipeline.plan.step", True),
        ("pipeline.schema.diff.tables", True),
        ("pipeline.schema.readers.sqlite", False),
        ("pipeline.schema.rehearse", False),
        ("pipeline.settings", False),
        ("pipeline.flow.deploy", False),
    ],
)
def test_is_pure(module: str, expected: bool) -> None:
    assert is_pure(module) is expected
