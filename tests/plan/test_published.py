"""What was observed can be written down and read back, and no secret goes with it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import BadCall
from pipeline.facts.answer import BalancerState, FileFact, MemberState, ServiceState
from pipeline.facts.changeset import Release
from pipeline.facts.host import CURRENT, HostFacts
from pipeline.farm.software import Software
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.published import Built, Published, from_json, to_json
from tests.plan.farm_of import inventory_of, wanted_of
from tests.plan.situations import deployed
from tests.schema.strategies import schemas

SOFTWARE = Software(
    apache="/usr/sbin/apache2",
    apache_version="2.4.62",
    server_root="/etc/apache2",
    modules="/usr/lib/apache2/modules",
    mod_wsgi="/usr/lib/apache2/modules/mod_wsgi.so",
    python="/usr/bin/python3.11",
    python_version="3.11",
)


def published_of(**changes: Any) -> Published:
    """What a deploy of v1 to a box observed."""
    observed = deployed("v1")
    return replace(
        Published(
            environment="local",
            when="2026-11-26T07:14:05+00:00",
            who="ci@build1",
            privileged=True,
            roots={"box": "/srv/homebrew"},
            software={"box": SOFTWARE},
            hosts={"box": observed.host("box")},
            balancer=observed.balancer,
        ),
        **changes,
    )


def read(text: str) -> Published:
    return from_json(text, where="seen.json", environment="local")


def by_name(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.text(), values, max_size=2)


facts = st.builds(
    HostFacts,
    texts=by_name(st.from_type(FileFact)),
    marks=by_name(st.from_type(FileFact)),
    secrets=by_name(st.sampled_from([CURRENT, ""])),
    services=by_name(st.from_type(ServiceState)),
)
anything = st.builds(
    Published,
    environment=st.just("local"),
    roots=by_name(st.text()),
    software=by_name(st.from_type(Software)),
    hosts=by_name(facts),
    balancer=st.builds(BalancerState, members=by_name(st.from_type(MemberState))),
    schemas=by_name(schemas()),
    runs=st.none() | st.builds(Built, release=st.from_type(Release)),
)


@settings(max_examples=50, deadline=None)
@given(anything)
def test_what_is_read_back_is_what_was_written(published: Published) -> None:
    assert read(to_json(published)) == published


def test_the_plan_from_it_is_the_plan_from_what_was_observed() -> None:
    observed = deployed("v1")
    wanted = wanted_of(inventory_of(), observed, "v2")

    seen = read(to_json(published_of())).observed

    assert plan_deploy(wanted, seen) == plan_deploy(wanted, observed)


def test_of_a_secret_file_nothing_is_kept_but_whether_it_is_as_it_should_be() -> None:
    facts = HostFacts(name="box", secrets={"www_1": CURRENT, "www_2": "0123abcd", "www_3": ""})

    text = to_json(published_of(hosts={"box": facts}))

    assert "0123abcd" not in text
    assert read(text).hosts["box"].secrets == {"www_1": CURRENT, "www_2": "", "www_3": ""}


def test_one_that_an_older_farmhand_wrote_takes_the_defaults_of_what_it_lacks() -> None:
    data = json.loads(to_json(published_of()))
    for name in ("unfinished", "runs", "schemas"):
        del data[name]
    del data["software"]["box"]["haproxy"]

    assert read(json.dumps(data)) == published_of()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 2}, "an observation of format 2; this farmhand reads 1"),
        ({"environment": "prod"}, "this was observed of prod, not of local"),
        ({"hosts": 3}, "this is not what a deploy observed, or it is damaged"),
        ({"schemas": {"default": {"format": 1}}}, "not what a deploy observed"),
    ],
)
def test_another_format_environment_or_a_damaged_one_is_refused(
    change: dict[str, Any], told: str
) -> None:
    data = {**json.loads(to_json(published_of())), **change}

    with pytest.raises(BadCall, match=told) as refused:
        read(json.dumps(data))

    assert str(refused.value).startswith("seen.json: ")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"'])
def test_what_is_no_such_file_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadCall, match="not what a deploy observed"):
        read(text)
