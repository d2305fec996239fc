"""What templates may say: every token with its value, and where that value comes from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import PureWindowsPath

from pipeline.errors import BadInventory
from pipeline.farm.instances import Instance, Inventory
from pipeline.farm.layout import Layout
from pipeline.farm.software import Software
from pipeline.render.engine import nearest
from pipeline.render.escape import Value

_PLACEHOLDER = re.compile(r"\{(root|release|instance)\}")


@dataclass(frozen=True, slots=True)
class Given:
    """The value of one token, and its origin as a person would look it up."""

    value: Value
    origin: str


Values = Mapping[str, Given]


def plain(values: Values) -> dict[str, Value]:
    """The values alone, as the engine takes them."""
    return {name: given.value for name, given in values.items()}


def explain(values: Values) -> dict[str, str]:
    """Each token's value and origin in one line, by name, sorted."""
    return {name: f"{given.value} ({given.origin})" for name, given in sorted(values.items())}


def explained(values: Values, name: str) -> str:
    """One line of `explain`. Raises BadInventory for a name that no template knows."""
    if name not in values:
        raise BadInventory(f"there is no value {name}", advice=nearest(name, values))
    return explain(values)[name]


def instance_values(
    inventory: Inventory,
    instance: Instance,
    release_id: str,
    venv: str,
    software: Software,
    root: str | None = None,
) -> dict[str, Given]:
    """The values of one instance. `venv` is the virtualenv's folder on the host.

    Raises BadInventory for a variable that has the name of a value which farmhand works out.
    """
    layout = rooted(inventory, instance.host, root)
    balancer = inventory.host(inventory.balancer_host).address
    site = inventory.environment.site
    release = layout.release(release_id)
    own = {
        **_host_values(inventory, instance.host, layout, software),
        "SERVER_NAME": Given(instance.name, "hosts.*.instances.name"),
        "ADDRESS": Given(_in_url(instance.address), "hosts.*.address"),
        "PORT": Given(instance.port, "hosts.*.instances.first_port"),
        "THREADS": Given(site.threads, "site.threads"),
        "MOD_WSGI": Given(_slashes(software.mod_wsgi, layout), _found("mod_wsgi")),
        "VENV": Given(_slashes(venv, layout), "made on the host by the deploy"),
        "RELEASE_ID": Given(release_id, "the release"),
        "RELEASE": Given(_slashes(release, layout), "root, and the release"),
        "CODE": Given(layout.path("releases", release_id, "code"), "root, and the release"),
        "WSGI": Given(inventory.farm.build.wsgi, "farm.toml: build.wsgi"),
        "ENVIRON": Given(_environ(inventory, instance, layout, release_id), "site.environ"),
        "SECRETS": Given(sorted(site.secrets), "site.secrets: names only"),
        "SECRET_FILE": Given(layout.instance(instance.name, "secret", "site.json"), "root"),
        "BALANCER_ADDRESSES": Given(_loopback_and(balancer), "balancer.host"),
    }
    return _with_variables(inventory, own)


def balancer_values(
    inventory: Inventory, software: Software, root: str | None = None
) -> dict[str, Given]:
    """The values of the balancer. Raises BadInventory as `instance_values` does."""
    host = inventory.balancer_host
    layout = rooted(inventory, host, root)
    balancer = inventory.environment.balancer
    members: Value = [
        {"name": each.name, "url": f"http://{_in_url(each.address)}:{each.port}"}
        for each in inventory.instances
    ]
    own = {
        **_host_values(inventory, host, layout, software),
        "BALANCER": Given(inventory.farm.project, "farm.toml: project"),
        "LISTEN": Given(balancer.listen, "balancer.listen"),
        "PORT": Given(balancer.port, "balancer.port"),
        "MANAGER_PORT": Given(inventory.manager_port, "balancer.manager_port, else the next port"),
        "STICKY": Given(balancer.sticky, "balancer.sticky"),
        "MEMBERS": Given(members, "hosts.*.instances"),
        "STATIC": Given(_slashes(layout.static, layout), "root"),
    }
    return _with_variables(inventory, own)


def rooted(inventory: Inventory, host: str, root: str | None) -> Layout:
    """The layout of a host, or the same one below another root."""
    layout = inventory.layout(host)
    return layout if root is None else Layout(root=root, windows=layout.windows)


def _host_values(
    inventory: Inventory, host: str, layout: Layout, software: Software
) -> dict[str, Given]:
    return {
        "PROJECT": Given(inventory.farm.project, "farm.toml: project"),
        "ENVIRONMENT": Given(inventory.name, "the environment's name"),
        "SITE_NAME": Given(inventory.environment.site.server_name, "site.server_name"),
        "ROOT": Given(_slashes(layout.root, layout), "root, or hosts.*.root"),
        "USER": Given(inventory.user(host), "hosts.*.user; none unless root deploys"),
        "MODULES": Given(_slashes(software.modules, layout), _found("apache")),
        "NULL_FILE": Given("nul" if layout.windows else "/dev/null", "the host's system"),
    }


def _tunable(inventory: Inventory, host_user: str) -> dict[str, Given]:
    """Values that a variable of the same name replaces."""
    threads = inventory.environment.site.threads
    waiting = max(200, 2 * threads * len(inventory.instances))
    default = "default; change it by [variables]"
    return {
        "GROUP": Given(host_user, "as the user; change it by [variables]"),
        "STATIC_URL": Given("/static/", default),
        "BALANCER_THREADS": Given(
            waiting, "site.threads and the instances, twice; or [variables]"
        ),
        "MEMBER_MAX": Given(threads, "site.threads; change it by [variables]"),
        "MEMBER_SMAX": Given(threads, "site.threads; change it by [variables]"),
        "MEMBER_TTL": Given(60, default),
        "MEMBER_TIMEOUT": Given(300, default),
        "STOP_TIMEOUT": Given(
            ceil(inventory.environment.rollout.stop_timeout), "rollout.stop_timeout"
        ),
    }


def _with_variables(inventory: Inventory, own: dict[str, Given]) -> dict[str, Given]:
    """The values and the environment's own variables, which may not be mistaken for each other."""
    where = f"environments/{inventory.name}.toml"
    variables = inventory.environment.variables
    for name in sorted(own.keys() & variables.keys()):
        raise BadInventory(
            f"variable {name} would hide the value that farmhand works out",
            where=f"{where}: variables.{name}",
            advice=f"give it another name; {name} comes from {own[name].origin}",
        )
    chosen = {name: Given(value, f"{where}: variables") for name, value in variables.items()}
    return {**own, **_tunable(inventory, str(own["USER"].value)), **chosen}


def _environ(
    inventory: Inventory, instance: Instance, layout: Layout, release_id: str
) -> dict[str, Value]:
    """`site.environ` with `{root}`, `{release}` (its id) and `{instance}` replaced, once each."""
    known = {"root": layout.root, "release": release_id, "instance": instance.name}
    return {
        name: _PLACEHOLDER.sub(lambda found: known[found[1]], text)
        for name, text in sorted(inventory.environment.site.environ.items())
    }


def _slashes(path: str, layout: Layout) -> str:
    """A path as Apache wants it on every system: with forward slashes."""
    return PureWindowsPath(path).as_posix() if layout.windows else path


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address and not address.startswith("[") else address


def _loopback_and(address: str) -> list[Value]:
    """Where the balancer's requests come from; on the same machine that is loopback as well."""
    return list(dict.fromkeys(("127.0.0.1", "::1", address)))


def _found(what: str) -> str:
    return f"found on the host; hosts.*.{what} pins it"
