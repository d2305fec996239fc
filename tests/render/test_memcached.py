"""The file of a memcached, and what the site is told about it."""

from collections.abc import Callable

from pipeline.farm.instances import Inventory
from pipeline.farm.software import Software
from pipeline.render.files import cache_pieces, render
from tests.render.made import render_instance

Farm = Callable[..., Inventory]
Templates = dict[str, str]
BOX = {"transport": "local", "instances": {"count": 1}}


def told(made: str) -> list[str]:
    return [line for line in made.splitlines() if line.startswith('os.environ["FARM_CACHE')]


def options(made: str) -> list[str]:
    return [line for line in made.splitlines() if line and not line.startswith("#")]


def test_its_file_holds_one_option_in_each_line(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm(hosts={"box": {**BOX, "memcached": {"port": 9011, "memory": 32}}})
    made = render(cache_pieces(inventory, "box", software), templates)
    assert list(made) == ["/srv/homebrew/instances/memcached/conf/memcached.conf"]
    (text,) = made.values()
    assert options(text) == ["-l 127.0.0.1", "-p 9011", "-m 32", "-U 0", "-u www-data"]


def test_who_is_not_root_changes_no_user(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm(hosts={"box": {**BOX, "memcached": {}}}, privileged=False)
    (text,) = render(cache_pieces(inventory, "box", software), templates).values()
    assert options(text) == ["-l 127.0.0.1", "-p 11211", "-m 64", "-U 0"]


def test_the_site_learns_of_every_cache_and_of_its_prefix(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm(
        cache={"on_deploy": "prefix"},
        hosts={
            "box": {**BOX, "address": "10.0.0.1", "memcached": {"port": 9011}},
            "bag": {
                "transport": "local",
                "address": "10.0.0.2",
                "instances": {"count": 1, "name": "bag_{n}"},
                "memcached": {"listen": "10.1.0.2"},
            },
        },
    )
    made = render_instance(
        inventory, inventory.instances[0], "default-a-1", "/v", software, templates
    )
    assert told(made.files[made.wsgi]) == [
        "os.environ[\"FARM_CACHES\"] = '10.0.0.1:9011,10.1.0.2:11211'",
        'os.environ["FARM_CACHE_PREFIX"] = "homebrew:default-a-1"',
    ]


def test_without_a_prefix_for_each_release_they_share_their_keys(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm(hosts={"box": {**BOX, "memcached": {}}})
    made = render_instance(
        inventory, inventory.instances[0], "default-a-1", "/v", software, templates
    )
    assert told(made.files[made.wsgi])[1:] == ['os.environ["FARM_CACHE_PREFIX"] = "homebrew"']


def test_a_site_without_a_cache_hears_of_none(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm()
    made = render_instance(
        inventory, inventory.instances[0], "default-a-1", "/v", software, templates
    )
    assert told(made.files[made.wsgi]) == []
