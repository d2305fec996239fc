"""What somebody has written into an environment's file and nothing comes of, there."""

from collections.abc import Iterable, Iterator, Mapping

from pipeline.farm.instances import Inventory
from pipeline.farm.provenance import Provenance
from pipeline.render.engine import unused
from pipeline.render.values import Values

# Keys that act through templates and in no other way.
_THROUGH_TEMPLATES = (
    "site.threads",
    "site.environ",
    "site.secrets",
    "balancer.sticky",
    "balancer.tls.port",
    "balancer.tls.redirect",
    "balancer.tls.hsts",
)
_NO_TEMPLATE = "no template mentions what it gives"


def idle(
    inventory: Inventory,
    provenance: Provenance,
    values: Iterable[Values],
    templates: Mapping[str, str],
) -> tuple[str, ...]:
    """A line for each key that is set and has no effect: where it is set, and why it has none.

    `values` are those of all files of the environment. Keys of farm.toml are for the other
    environments too, and defaults are nobody's mistake: neither is told of. Raises BadTemplate.
    """
    found = {**dict(_by_settings(inventory)), **_by_templates(inventory, values, templates)}
    places = {key: _place(provenance, key) for key in found}
    return tuple(
        f"{places[key]}: {key} has no effect: {why}" for key, why in found.items() if places[key]
    )


def _place(provenance: Provenance, key: str) -> str:
    """Where a key is set; empty when it is not."""
    for origin in provenance.origins(key):
        if not origin.is_default:
            return origin.place or "--set"
    return ""


def _by_settings(inventory: Inventory) -> Iterator[tuple[str, str]]:
    """Keys that another setting leaves without effect, and which one."""
    environment = inventory.environment
    kind = environment.balancer.kind
    because = f'balancer.kind is "{kind}"'
    if kind == "none":
        yield "balancer.listen", because
        yield "balancer.tls", because
        yield "rollout.drain_timeout", because
    if kind != "apache":
        yield "balancer.manager_port", because
    if kind != "haproxy":
        yield "balancer.static_port", because
    for host in environment.hosts:
        if kind != "haproxy":
            yield f"hosts.{host}.haproxy", because
        elif host != inventory.balancer_host:
            yield f"hosts.{host}.haproxy", f"the balancer runs on host {inventory.balancer_host}"
        if inventory.windows:
            yield f"hosts.{host}.user", "the hosts run Windows"
    if all(host.transport != "local" for host in environment.hosts.values()):
        yield "root_as_user", 'no host has transport = "local"'
    if environment.cache.on_deploy == "flush" and not inventory.caches:
        yield "cache.on_deploy", "no host has a memcached"
    if environment.tests and not inventory.farm.build.tests:
        yield "tests", "build.tests of farm.toml is false"


def _by_templates(
    inventory: Inventory, values: Iterable[Values], templates: Mapping[str, str]
) -> dict[str, str]:
    """Keys whose tokens stand in no template, and variables that do not."""
    given: dict[str, set[str]] = {}
    for each in values:
        for token, one in each.items():
            given.setdefault(token, set()).update(one.keys.split())
    mentioned = given.keys() - set(unused(templates, given))
    acting = {key for token in mentioned for key in given[token]}
    if "SECRET_FILE" in mentioned:
        acting.add("site.secrets")
    environment = inventory.environment
    if any(hook.on == "host" for hook in (*inventory.farm.hooks, *environment.hooks)):
        acting |= {"site.environ", "site.secrets"}  # what the site has, such a hook may have too
    balancer = environment.balancer
    tls = inventory.tls
    asked = {
        "balancer.sticky": balancer.sticky,
        "balancer.tls.port": tls is not None,
        "balancer.tls.redirect": tls is not None and bool(tls.redirect),
        "balancer.tls.hsts": tls is not None and bool(tls.hsts),
    }
    # What is not wanted is not missed.
    acting |= {key for key, wanted in asked.items() if not wanted}
    names = [name for name in environment.variables if name not in mentioned]
    return {
        **{key: _NO_TEMPLATE for key in _THROUGH_TEMPLATES if key not in acting},
        **{f"variables.{name}": f"no template mentions @{name}@" for name in names},
    }
