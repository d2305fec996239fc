"""What templates may say: every token with its value, and where that value comes from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import PureWindowsPath

from pipeline.errors import BadInventory
from pipeline.farm.instances import Instance, Inventory
from pipeline.farm.inventory import Memcached
from pipeline.farm.layout import BALANCER, CACHE, STATIC, Layout
from pipeline.farm.provenance import Provenance, without_password
from pipeline.farm.software import Software
from pipeline.render.escape import Value

_CHANGE = "change it by [variables]"
_DEFAULT = f"default; {_CHANGE}"
_COMPRESSED = (
    "text/html text/css text/javascript text/plain text/csv text/xml application/json "
    "application/javascript application/xml application/manifest+json application/wasm "
    "image/svg+xml font/ttf"
)
_PLACEHOLDER = re.compile(r"\{(root|release|instance)\}")


@dataclass(frozen=True, slots=True)
class Given:
    """The value of one token, and what it comes from.

    `keys` are those of the inventory, as `--set` names them, with spaces between; `note` is for
    what no key has said.
    """

    value: Value
    keys: str = ""
    note: str = ""

    def origin(self, provenance: Provenance) -> str:
        """What the value comes from, as a person would look it up."""
        return "; ".join(filter(None, (provenance.of(*self.keys.split()), self.note)))


Values = Mapping[str, Given]


def plain(values: Values) -> dict[str, Value]:
    """The values alone, as the engine takes them."""
    return {name: given.value for name, given in values.items()}


def explained(given: Given, provenance: Provenance) -> str:
    """Value and origin in one line."""
    return f"{without_password(str(given.value))} ({given.origin(provenance)})"


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
    host = f"hosts.{instance.host}"
    root_key = inventory.root_key(instance.host)
    own = {
        **_host_values(inventory, instance.host, layout, software),
        "SERVER_NAME": Given(instance.name, f"{host}.instances.name"),
        "ADDRESS": Given(_in_url(instance.address), f"{host}.address"),
        "PORT": Given(instance.port, f"{host}.instances.first_port"),
        "THREADS": Given(site.threads, "site.threads"),
        "MOD_WSGI": Given(
            _slashes(software.mod_wsgi, layout), *_found(inventory, instance.host, "mod_wsgi")
        ),
        **_packages(inventory, instance.host, layout, release_id, venv, software),
        "RELEASE_ID": Given(release_id, note="the release"),
        "RELEASE": Given(_slashes(release, layout), root_key, "the release"),
        "CODE": Given(layout.path("releases", release_id, "code"), root_key, "the release"),
        "SYSTEM_SITE_PACKAGES": Given(
            inventory.farm.build.system_site_packages, "farm.build.system_site_packages"
        ),
        "WSGI": Given(inventory.farm.build.wsgi, "farm.build.wsgi"),
        "ENVIRON": Given(site_environ(inventory, instance, layout, release_id), "site.environ"),
        "SECRETS": Given(sorted(site.secrets), "site.secrets", "names only"),
        "SENDFILE": Given(_sendfile(inventory, layout), "site.sendfile"),
        "MOD_XSENDFILE": Given(_slashes(software.mod_xsendfile, layout), note="found on the host"),
        "REWRITES": _rewrites(inventory),
        "SECRET_FILE": Given(layout.instance(instance.name, "secret", "site.json"), root_key),
        "BALANCER_KIND": Given(inventory.environment.balancer.kind, "balancer.kind"),
        "SITE_PORT": Given(inventory.environment.balancer.port, "balancer.port"),
        "CACHES": Given(list(inventory.caches), _of_hosts(inventory, "memcached")),
        "CACHE_PREFIX": _cache_prefix(inventory, release_id),
        "BALANCER_ADDRESSES": Given(
            _loopback_and(balancer), f"hosts.{inventory.balancer_host}.address"
        ),
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
        {"name": each.name, "address": f"{_in_url(each.address)}:{each.port}", "url": each.url}
        for each in inventory.instances
    ]
    own = {
        **_host_values(inventory, host, layout, software),
        "BALANCER": Given(inventory.farm.project, "farm.project"),
        "LISTEN": Given(balancer.listen, "balancer.listen"),
        "PORT": Given(balancer.port, "balancer.port"),
        "SITE_PORT": Given(balancer.port, "balancer.port"),
        "STICKY": Given(balancer.sticky, "balancer.sticky"),
        "MEMBERS": Given(members, _of_hosts(inventory, "address", "instances")),
        "STATIC": Given(_slashes(layout.static, layout), inventory.root_key(host)),
        **_tls(inventory, layout),
        "GZIP": Given(balancer.gzip, "balancer.gzip"),
        "REWRITES": _rewrites(inventory),
        **(_of_haproxy(inventory, layout) if balancer.kind == "haproxy" else {}),
        **({"MANAGER_PORT": _manager_port(inventory)} if balancer.kind == "apache" else {}),
    }
    return _with_variables(inventory, own)


def _of_haproxy(inventory: Inventory, layout: Layout) -> dict[str, Given]:
    environment, key = inventory.environment, inventory.root_key(inventory.balancer_host)
    paths = layout.service_paths(BALANCER, "haproxy")
    return {
        "SOCKET": Given(paths.socket, key),
        "STATE": Given(paths.state, key),
        "STATIC_PORT": _static_port(inventory),
        "HEALTH_PATH": Given(environment.health.path, "health.path"),
        "HEALTH_TIMEOUT": Given(ceil(environment.health.timeout), "health.timeout"),
    }


def static_values(
    inventory: Inventory, software: Software, root: str | None = None
) -> dict[str, Given]:
    """The values of the static server. Raises BadInventory as `instance_values` does."""
    host = inventory.balancer_host
    layout = rooted(inventory, host, root)
    own = {
        **_host_values(inventory, host, layout, software),
        "SERVER_NAME": Given(STATIC, note="its own name"),
        "STATIC_PORT": _static_port(inventory),
        "STATIC": Given(_slashes(layout.static, layout), inventory.root_key(host)),
    }
    return _with_variables(inventory, own)


def cache_values(
    inventory: Inventory, host: str, software: Software, root: str | None = None
) -> dict[str, Given]:
    """The values of a host's memcached. Raises BadInventory as `instance_values` does."""
    placed = next(each for each in inventory.services(host) if each.name == CACHE)
    there = inventory.host(host).memcached or Memcached()
    own = {
        **_host_values(inventory, host, rooted(inventory, host, root), software),
        "LISTEN": Given(inventory.cache(host), f"hosts.{host}.memcached.listen"),
        "PORT": Given(placed.port, f"hosts.{host}.memcached.port"),
        "MEMORY": Given(there.memory, f"hosts.{host}.memcached.memory"),
    }
    return _with_variables(inventory, own)


def _sendfile(inventory: Inventory, layout: Layout) -> list[Value]:
    """The folders of `site.sendfile`, with `{root}` replaced."""
    folders = inventory.environment.site.sendfile
    return [_slashes(folder.replace("{root}", layout.root), layout) for folder in folders]


def _rewrites(inventory: Inventory) -> Given:
    rules: Value = [
        {"path": rule.path, "to": rule.to, "flags": f"R={rule.code},L" if rule.code else "PT"}
        for rule in inventory.environment.balancer.rewrites
    ]
    return Given(rules, "balancer.rewrites")


def _tls(inventory: Inventory, layout: Layout) -> dict[str, Given]:
    tls, root_key = inventory.tls, inventory.root_key(inventory.balancer_host)
    certificate = _slashes(layout.secret_file(BALANCER), layout)
    key = "balancer.tls.{}" if tls else "balancer.tls"
    return {
        "TLS": Given(tls is not None, "balancer.tls"),
        "TLS_PORT": Given(tls.port if tls else 0, key.format("port")),
        "TLS_REDIRECT": Given(tls.redirect if tls else 0, key.format("redirect")),
        "HSTS": Given(tls.hsts if tls else 0, key.format("hsts")),
        "CERTIFICATE": Given(certificate, root_key, "written by the deploy"),
    }


def rooted(inventory: Inventory, host: str, root: str | None) -> Layout:
    """The layout of a host, or the same one below another root."""
    layout = inventory.layout(host)
    return layout if root is None else Layout(root=root, windows=layout.windows)


def _host_values(
    inventory: Inventory, host: str, layout: Layout, software: Software
) -> dict[str, Given]:
    return {
        "PROJECT": Given(inventory.farm.project, "farm.project"),
        "ENVIRONMENT": Given(inventory.name, note="the environment's name"),
        "SITE_NAME": Given(inventory.environment.site.server_name, "site.server_name"),
        "ROOT": Given(_slashes(layout.root, layout), inventory.root_key(host)),
        "USER": _user(inventory, host),
        "MODULES": Given(_slashes(software.modules, layout), *_found(inventory, host, "apache")),
        "WINDOWS": Given(layout.windows, f"hosts.{host}.platform"),
        "ROTATELOGS": Given(_slashes(software.rotatelogs, layout), note="found on the host"),
        "ROTATION": Given(inventory.rotation, "logs.rotate_after logs.rotate_size"),
        "LOGS_KEPT": Given(inventory.environment.logs.keep, "logs.keep"),
        "NULL_FILE": Given("nul" if layout.windows else "/dev/null", note="the host's system"),
    }


def _packages(
    inventory: Inventory,
    host: str,
    layout: Layout,
    release_id: str,
    venv: str,
    software: Software,
) -> dict[str, Given]:
    """Where the site's packages are: in a virtualenv, or on Windows in the release itself."""
    python = _found(inventory, host, "python")
    if layout.windows:
        home = _slashes(str(PureWindowsPath(software.python).parent), layout)
        library = layout.path("releases", release_id, "lib")
        return {
            "PYTHON_HOME": Given(home, *python),
            "VENV": Given("", note="none on Windows: the release holds its packages"),
            "LIBRARY": Given(library, inventory.root_key(host), "the release"),
        }
    made = Given(venv, note="made on the host by the deploy")
    none = Given("", note="none: the packages are in the virtualenv")
    return {"PYTHON_HOME": made, "VENV": made, "LIBRARY": none}


def _tunable(inventory: Inventory, user: Given) -> dict[str, Given]:
    """Values that a variable of the same name replaces."""
    threads = inventory.environment.site.threads
    waiting = max(200, 2 * threads * len(inventory.instances))
    counts = _of_hosts(inventory, "instances.count")
    stop = ceil(inventory.environment.rollout.stop_timeout)
    return {
        "GROUP": Given(user.value, user.keys, _CHANGE),
        "STATIC_URL": Given("/static/", note=_DEFAULT),
        "BALANCER_CONNECTIONS": Given(max(2000, 4 * waiting), f"site.threads {counts}", _CHANGE),
        "BALANCER_THREADS": Given(waiting, f"site.threads {counts}", f"twice, {_CHANGE}"),
        "MEMBER_MAX": _member_max(inventory),
        "MEMBER_SMAX": Given(threads, "site.threads", _CHANGE),
        "COMPRESSED": Given(_COMPRESSED, note=_DEFAULT),
        "MEMBER_TTL": Given(60, note=_DEFAULT),
        "MEMBER_TIMEOUT": Given(300, note=_DEFAULT),
        "STOP_TIMEOUT": Given(stop, "rollout.stop_timeout", _CHANGE),
    }


def _with_variables(inventory: Inventory, own: dict[str, Given]) -> dict[str, Given]:
    """The values and the environment's own variables, which may not be mistaken for each other."""
    variables = inventory.environment.variables
    for name in sorted(own.keys() & variables.keys()):
        raise BadInventory(
            f"variable {name} would hide the value that farmhand works out",
            where=f"environments/{inventory.name}.toml: variables.{name}",
            advice=f"give it another name; {name} comes from {own[name].keys or own[name].note}",
        )
    chosen = {name: Given(value, f"variables.{name}") for name, value in variables.items()}
    return {**own, **_tunable(inventory, own["USER"]), **chosen}


def site_environ(
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


def _found(inventory: Inventory, host: str, what: str) -> tuple[str, str]:
    """The origin of what the inventory pins, or else is found on the host."""
    key = f"hosts.{host}.{what}"
    pinned = getattr(inventory.host(host), what)
    return (key, "") if pinned else ("", f"found on the host; {key} pins it")


def _user(inventory: Inventory, host: str) -> Given:
    if inventory.windows:
        return Given("", note="none on Windows: each service has its account")
    if inventory.privileged:
        return Given(inventory.user(host), f"hosts.{host}.user")
    return Given(inventory.user(host), note="none: the deployer is not root")


def _cache_prefix(inventory: Inventory, release_id: str) -> Given:
    """What all keys of the site's cache begin with."""
    if inventory.environment.cache.on_deploy == "prefix":
        return Given(f"{inventory.farm.project}:{release_id}", "cache.on_deploy", "the release")
    return Given(inventory.farm.project, "farm.project")


def _manager_port(inventory: Inventory) -> Given:
    if inventory.environment.balancer.manager_port:
        return Given(inventory.manager_port, "balancer.manager_port")
    return Given(inventory.manager_port, "balancer.port", "the next port")


def _member_max(inventory: Inventory) -> Given:
    """How much a member gets at once. HAProxy's health checks need a thread of their own."""
    threads = inventory.environment.site.threads
    if inventory.environment.balancer.kind != "haproxy":
        return Given(threads, "site.threads", _CHANGE)
    return Given(max(1, threads - 1), "site.threads", f"one is for health checks; {_CHANGE}")


def _static_port(inventory: Inventory) -> Given:
    if inventory.environment.balancer.static_port:
        return Given(inventory.static_port, "balancer.static_port")
    return Given(inventory.static_port, "balancer.port", "the next port")


def _of_hosts(inventory: Inventory, *keys: str) -> str:
    """Keys that every host has."""
    return " ".join(f"hosts.{host}.{key}" for host in inventory.environment.hosts for key in keys)
