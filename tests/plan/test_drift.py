"""What somebody did to deployed files is known, file by file."""

from dataclasses import replace

import pytest

from pipeline.facts.host import HostFacts
from pipeline.plan.drift import Deed, deeds, done_by_hand
from tests.plan.situations import deployed, with_edit

CONF, WSGI = "instances/www_2/conf/www_2.conf", "instances/www_2/wsgi/www_2.wsgi"
EXTRA = "instances/www_2/conf/extra.conf"


def box(*edited: str, without: str = "") -> HostFacts:
    observed = deployed("v1")
    for path in edited:
        observed = with_edit(observed, path, "by hand\n")
    found = observed.host("box")
    return replace(found, texts={p: fact for p, fact in found.texts.items() if p != without})


def test_as_it_was_deployed_nothing_was_done_by_hand() -> None:
    assert done_by_hand(box()) == {}


def test_edited_removed_and_added_files_are_told_apart() -> None:
    assert deeds(box(CONF, EXTRA, without=WSGI), "instances/www_2") == {
        CONF: Deed.EDITED,
        WSGI: Deed.REMOVED,
        EXTRA: Deed.ADDED,
    }


def test_a_deed_is_told_with_the_release_since_which_it_was_done() -> None:
    release = box().running("www_2")
    assert release is not None
    found = done_by_hand(box(CONF, "balancer/conf/balancer.conf"))
    assert found == {
        CONF: f"edited by hand since {release.release} was deployed",
        "balancer/conf/balancer.conf": "edited by hand since it was deployed",
    }


@pytest.mark.parametrize("text", ["not JSON", ""])
def test_without_a_note_that_can_be_read_nothing_is_claimed(text: str) -> None:
    found = with_edit(deployed("v1"), "instances/www_2/current.json", text).host("box")
    found = replace(found, texts={**found.texts, CONF: box(CONF).texts[CONF]})
    assert done_by_hand(found) == {}


def test_a_first_deploy_finds_nothing_to_blame_anybody_for() -> None:
    assert done_by_hand(HostFacts(name="box")) == {}
