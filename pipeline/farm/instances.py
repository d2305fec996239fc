"""Which instance runs where: names, ports and folders, worked out from the inventory."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.errors import BadInventory
from pipeline.farm.inventory import Environment, Farm, Hook, Host, Tls
from pipeline.farm.layout import BALANCER, CACHE, LONGEST_SOCKET, STATIC, Layout, ServiceKind
from pipeline.farm.platforms import refuse_platforms
from pipeline.secret import SecretRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One worker: a process of its own on one port of one host."""

    name: str
    host: str
    address: str
    port: int

    @property
    def url(self) -> str:
        """Where it answers, as the balancer and the health check reach it."""
        return f"http://{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Placed:
    """A service of a host: an instance, the balancer, or what both of them need."""

    name: str
    kind: ServiceKind
    port: int
    key: str  # of the inventory, by which its port can be changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """A farm in one environment, checked as a whole. `privileged`: the deployer is root."""

    name: str
    farm: Farm
    environment: Environment
    instances: tuple[Instance, ...]
    privileged: bool

    def host(self, name: str) -> Host:
        """The host of this name."""
        return self.environment.hosts[name]

    def layout(self, host: str) -> Layout:
        """Where things are on that host."""
        return Layout(root=self._root(host)[1], windows=self.windows)

    def root_key(self, host: str) -> str:
        """The key of the inventory that says where things are on that host."""
        return self._root(host)[0]

    def _root(self, host: str) -> tuple[str, str]:
        environment, there = self.environment, self.host(host)
        unprivileged = not self.privileged and there.transport == "local"
        if unprivileged and environment.root_as_user:
            return "root_as_user", environment.root_as_user
        if there.root:
            return f"hosts.{host}.root", there.root
        return "root", environment.root

    @property
    def windows(self) -> bool:
        """Whether the hosts run Windows: an environment's hosts are of one platform."""
        return any(host.platform == "windows" for host in self.environment.hosts.values())

    def user(self, host: str) -> str:
        """Whom the site runs as there; empty when only the deployer can, who is not root.

        On Windows, that is the service's own business.
        """
        named = self.host(host).user or "www-data"
        return named if self.privileged and not self.windows else ""

    def hooks(self, kind: str) -> tuple[Hook, ...]:
        """The hooks of a deploy, or of a rollback: the farm's, and over them the environment's."""
        named = {hook.name: hook for hook in (*self.farm.hooks, *self.environment.hooks)}
        return tuple(hook for hook in named.values() if kind in hook.during)

    def on(self, host: str) -> tuple[Instance, ...]:
        """The instances of one host."""
        return tuple(instance for instance in self.instances if instance.host == host)

    def services(self, host: str) -> Iterator[Placed]:
        """All that should run on a host, in the order in which it is started."""
        there, balancer = self.host(host), self.environment.balancer
        if there.memcached is not None:
            key = f"hosts.{host}.memcached.port"
            yield Placed(CACHE, "memcached", there.memcached.port, key)
        if self.static_port is not None and host == self.balancer_host:
            yield Placed(STATIC, "httpd", self.static_port, "balancer.static_port")
        for instance in self.on(host):
            key = f"hosts.{host}.instances.first_port"
            yield Placed(instance.name, "httpd", instance.port, key)
        if balancer.kind != "none" and host == self.balancer_host:
            kind: ServiceKind = "haproxy" if balancer.kind == "haproxy" else "httpd"
            yield Placed(BALANCER, kind, balancer.port, "balancer.port")

    def cache(self, host: str) -> str:
        """The address on which a host's memcached listens."""
        there = self.host(host)
        listen = there.memcached.listen if there.memcached else None
        return listen or ("127.0.0.1" if len(self.environment.hosts) == 1 else there.address)

    @property
    def caches(self) -> tuple[str, ...]:
        """Where the site finds its caches: `ADDRESS:PORT` of every memcached."""
        return tuple(
            f"{self.cache(name)}:{host.memcached.port}"
            for name, host in self.environment.hosts.items()
            if host.memcached is not None
        )

    def needs(self, host: str) -> frozenset[str]:
        """The fields of Software that may not be empty on a host, beside those that never may."""
        kinds = {placed.kind for placed in self.services(host)}
        found = {str(kind) for kind in kinds if kind != "httpd"}
        if "haproxy" in kinds or (self.rotation and "httpd" in kinds):
            found.add("rotatelogs")
        if self.environment.site.sendfile and self.on(host):
            found.add("mod_xsendfile")
        return frozenset(found)

    @property
    def rotation(self) -> str:
        """When logs are rotated, as rotatelogs takes it; empty when they are not."""
        logs = self.environment.logs
        size = f"{logs.rotate_size}M" if logs.rotate_size else ""
        return " ".join(filter(None, (str(logs.rotate_after or ""), size)))

    @property
    def balancer_host(self) -> str:
        """The host that the balancer runs on."""
        return self.environment.balancer.host or next(iter(self.environment.hosts))

    @property
    def manager_port(self) -> int | None:
        """The loopback port on which Apache takes orders; HAProxy takes them on a socket."""
        balancer = self.environment.balancer
        return (balancer.manager_port or balancer.port + 1) if balancer.kind == "apache" else None

    @property
    def static_port(self) -> int | None:
        """The loopback port of the static server, which only HAProxy needs."""
        balancer = self.environment.balancer
        return (balancer.static_port or balancer.port + 1) if balancer.kind == "haproxy" else None

    @property
    def tls(self) -> Tls | None:
        """How the balancer speaks HTTPS; None when it does not."""
        balancer = self.environment.balancer
        return balancer.tls if balancer.kind != "none" else None

    @property
    def certificate(self) -> dict[str, SecretRef]:
        """The references of which the balancer's `tls.pem` is made, in the order of its parts.

        A self-signed one is kept beside the journal, with its key.
        """
        if self.tls is None:
            return {}
        given = self.tls.certificate
        made = SecretRef(f"file:.farm/{self.name}/tls/self-signed.pem")
        found = {"certificate": given if isinstance(given, SecretRef) else made}
        return found if self.tls.key is None else {**found, "key": self.tls.key}

    def through_balancer(self, path: str) -> str:
        """The URL of a page as the balancer's own host reaches it: by HTTPS, if it speaks that."""
        listen = self.environment.balancer.listen
        everywhere = listen in {"*", "0.0.0.0", "[::]", "::"}  # noqa: S104  compared only
        name = "127.0.0.1" if everywhere else listen
        return (self.https_url(name) or f"http://{name}:{self.environment.balancer.port}/")[
            :-1
        ] + path

    def https_url(self, name: str) -> str:
        """Where the site is by HTTPS, under a name; empty when it is not."""
        if self.tls is None:
            return ""
        return f"https://{name}{'' if self.tls.port == 443 else f':{self.tls.port}'}/"

    @property
    def branch(self) -> str:
        """The branch whose head is deployed when no revision is named."""
        return self.environment.branch or self.farm.source.branch

    @property
    def url(self) -> str:
        """Where people find the site; by HTTPS where HTTP sends them there."""
        environment = self.environment
        if environment.balancer.kind == "none":
            return self.instances[0].url + "/"
        name = environment.site.server_name
        if self.tls is not None and self.tls.redirect:
            return self.https_url(name)
        return f"http://{name}:{environment.balancer.port}/"


def inventory(name: str, farm: Farm, environment: Environment, *, privileged: bool) -> Inventory:
    """Join the two files. Raises BadInventory for what only shows when they are seen together."""
    instances = tuple(
        Instance(
            name=host.instances.name.format(n=n),
            host=host_name,
            address=host.address,
            port=host.instances.first_port + n - 1,
        )
        for host_name, host in environment.hosts.items()
        for n in range(1, host.instances.count + 1)
    )
    refuse_platforms(environment, f"environments/{name}.toml")
    result = Inventory(
        name=name,
        farm=farm,
        environment=environment,
        instances=instances,
        privileged=privileged,
    )
    _refuse_clashes(result)
    return result


def _refuse_clashes(wanted: Inventory) -> None:
    where = f"environments/{wanted.name}.toml"
    names = Counter(instance.name for instance in wanted.instances)
    for name, count in names.items():
        if count > 1:
            raise BadInventory(
                f"{count} instances are named {name}",
                where=f"{where}: hosts.*.instances.name",
                advice="give each host a pattern of its own, such as web1_{n}",
            )
    for (address, port), users in port_users(wanted).items():
        if len(users) > 1:
            called, keys = ([user[n] for user in users] for n in (0, 1))
            raise BadInventory(
                f"port {port} of {address} is wanted by {' and '.join(called)}",
                where=where,
                advice=f"move {' or '.join(keys)}",
            )
        if port > 65535:
            raise BadInventory(f"port {port}, for {users[0][0]}, does not exist", where=where)
    for (address, root), hosts in _root_users(wanted).items():
        if len(hosts) > 1:
            raise BadInventory(
                f"hosts {' and '.join(hosts)} are both at {root} of {address}",
                where=where,
                advice="give each a root of its own: hosts.*.root",
            )
    _refuse_long_socket(wanted)
    missing = wanted.farm.databases.keys() - wanted.environment.databases.keys()
    unknown = wanted.environment.databases.keys() - wanted.farm.databases.keys()
    if missing:
        raise BadInventory(
            f"database {min(missing)} of farm.toml has no url here",
            where=where,
            advice=f'add [databases.{min(missing)}] with url = "sqlite:///..."',
        )
    if unknown:
        raise BadInventory(f"database {min(unknown)} is not in farm.toml", where=where)


def _refuse_long_socket(wanted: Inventory) -> None:
    """A unix socket's name is short on every system; found here, not when the balancer starts."""
    if wanted.environment.balancer.kind != "haproxy":
        return
    host = wanted.balancer_host
    socket = wanted.layout(host).service_paths(BALANCER, "haproxy").socket
    if (size := len(socket.encode())) > LONGEST_SOCKET:
        raise BadInventory(
            f"HAProxy's socket would have a name of {size} bytes, of which {LONGEST_SOCKET} are "
            f"allowed: {socket}",
            where=f"environments/{wanted.name}.toml: {wanted.root_key(host)}",
            advice="choose a root with a shorter path",
        )


def port_users(wanted: Inventory) -> dict[tuple[str, int], list[tuple[str, str]]]:
    """Who listens where: address and port -> names and keys. Two hosts may be one machine."""
    users: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for name, host in wanted.environment.hosts.items():
        for placed in wanted.services(name):
            called = f"the {placed.name}" if placed.name == BALANCER else placed.name
            users.setdefault((host.address, placed.port), []).append((called, placed.key))
    if wanted.manager_port is not None:
        address = wanted.host(wanted.balancer_host).address
        manager = ("the balancer's manager", "balancer.manager_port")
        users.setdefault((address, wanted.manager_port), []).append(manager)
    if wanted.tls is not None:
        address = wanted.host(wanted.balancer_host).address
        users.setdefault((address, wanted.tls.port), []).append(
            ("the balancer's HTTPS", "balancer.tls.port")
        )
    return users


def _root_users(wanted: Inventory) -> dict[tuple[str, str], list[str]]:
    """Which hosts have their files where: address and root -> names."""
    users: dict[tuple[str, str], list[str]] = {}
    for name, host in wanted.environment.hosts.items():
        users.setdefault((host.address, wanted.layout(name).root), []).append(name)
    return users
