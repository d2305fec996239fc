"""How deployed files differ from the wanted ones, and what somebody did to them."""

from dataclasses import replace
from pathlib import Path

from pipeline.farm.provenance import Provenance, Written
from pipeline.flow.want import file_diffs
from pipeline.flow.world import World
from pipeline.settings import Settings
from tests.plan import situations
from tests.plan.farm_of import changed, inventory_of, wanted_of
from tests.plan.situations import Situation, deployed, with_edit

NOWHERE = Written(where="", text="", tables={})
ROOT = "/srv/homebrew/instances/www_2"
CONF = f"{ROOT}/conf/www_2.conf"


def diffs(situation: Situation) -> str:
    provenance = Provenance(farm=NOWHERE, environment=NOWHERE)
    settings = Settings(Path("/p"), situation.inventory, provenance)
    world = World(settings=settings, ways={}, say=lambda line: None)
    return file_diffs(world, dict(situation.wanted.hosts), situation.observed)


def since(situation: Situation) -> str:
    running = situation.observed.host("box").running("www_2")
    return f"since {running.release if running else '?'} was deployed"


def test_the_same_everywhere_is_no_text() -> None:
    assert diffs(situations.same()) == ""


def test_a_file_edited_by_hand_is_marked_before_its_difference() -> None:
    found = situations.edited_by_hand()
    first, old, new, *_ = diffs(found).splitlines()
    assert first == f"drifted: {CONF}: edited by hand {since(found)}"
    assert (old, new) == (f"--- {CONF}", f"+++ {CONF}")


def test_a_change_of_the_templates_is_marked_where_somebody_edited_and_nowhere_else() -> None:
    observed = with_edit(deployed("v1"), "instances/www_2/conf/www_2.conf", "threads 15\n")
    found = Situation(wanted_of(inventory_of(), observed, template="threads 25\n"), observed)
    lines = diffs(found).splitlines()
    assert [line for line in lines if line.startswith("drifted")] == [
        f"drifted: {CONF}: edited by hand {since(found)}"
    ]
    assert [line for line in lines if line.startswith("the same in")] == [
        f"the same in: {CONF.replace('www_2', 'www_3')}"
    ]


def test_a_file_that_somebody_added_or_removed_is_said_to_be() -> None:
    observed = with_edit(deployed("v1"), "instances/www_2/conf/extra.conf", "x\n")
    box = observed.host("box")
    kept = {path: f for path, f in box.texts.items() if not path.endswith("www_2/wsgi/www_2.wsgi")}
    observed = changed(observed, replace(box, texts=kept))
    found = Situation(wanted_of(inventory_of(), observed), observed)
    assert diffs(found).splitlines() == [
        f"new: {ROOT}/wsgi/www_2.wsgi (1 line), removed by hand {since(found)}",
        f"gone: {ROOT}/conf/extra.conf (1 line), put there by hand {since(found)}",
    ]
