"""JSON for programs: every field, and its page in the reference."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.report.schema_json import as_dict, to_json
from tests.report.outcomes import NOTHING, SMALL

PAGE = (Path(__file__).parents[2] / "docs/reference/schema-diff-json.md").read_text("utf-8")


def test_an_object_and_a_step_have_all_their_fields() -> None:
    found: dict[str, Any] = json.loads(to_json(SMALL))
    assert found["objects"][2] == {
        "type": "Table",
        "schema": "dbo",
        "name": "Orders",
        "verdict": "different",
        "because": list(SMALL.objects[2].because),
        "ignored": ["filegroup: PRIMARY / DATA"],
        "phase": "contract",
        "hazards": [
            {
                "name": "loses-data",
                "object": "dbo.Orders.Customer",
                "reason": "longer values do not fit",
            },
            {
                "name": "may-fail",
                "object": "dbo.Orders.Customer",
                "reason": "fails where a value is NULL",
            },
        ],
        "advice": ["narrow Customer in a release of its own"],
        "place": "Tables/dbo.Orders.sql:1",
        "source": SMALL.objects[2].source,
        "target": SMALL.objects[2].target,
    }
    assert found["steps"][2] == {
        "number": 3,
        "title": "Creating [dbo].[Place]",
        "type": "StoredProcedure",
        "object": "dbo.Place",
        "phase": "expand",
        "sql": "CREATE PROCEDURE [dbo].[Place] AS\nSELECT 1",
        "because": "",
        "hazards": [],
        "guards": [],
        "needs": [1, 2],
        "transactional": True,
    }
    assert found["objects"][4]["phase"] is None


def test_the_rest_is_about_the_whole() -> None:
    found: dict[str, Any] = json.loads(to_json(SMALL))
    del found["objects"], found["steps"]
    assert found == {
        "format": 1,
        "made_by": "farmhand schema.diff",
        "dialect": "mssql",
        "source": "scripts:new",
        "target": "snapshot:prod.snap",
        "differs": True,
        "same": 12,
        "script": SMALL.script,
        "undo": SMALL.undo,
        "lost": ["the rows of dbo.OldLog"],
        "options": ["preset redgate", "ignore-white-space"],
        "notes": ["scripts:new is changeset 5de9d3c2ab54"],
        "skipped": {"INSERT": 3, "UPDATE": 1},
    }
    assert as_dict(NOTHING)["differs"] is False


def test_the_reference_has_every_field_and_no_other() -> None:
    found: Any = as_dict(SMALL)
    whole, an_object, a_step = re.split(r"^## .*$", PAGE, flags=re.MULTILINE)
    parts = ((whole, found), (an_object, found["objects"][2]), (a_step, found["steps"][0]))
    for text, value in parts:
        first = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
        assert [name for cell in first for name in re.findall(r"`(\w+)`", cell)] == list(value)


def test_any_text_of_a_database_is_kept() -> None:
    evil = '</script>\u2028"\\\n\x00größer'
    assert json.loads(to_json(replace(SMALL, script=evil)))["script"] == evil
