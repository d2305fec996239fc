"""What the platform of the hosts asks of an environment's file."""

import re

from pipeline.errors import BadInventory
from pipeline.farm.inventory import Environment, Host

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def refuse_platforms(environment: Environment, where: str) -> None:
    """Refuse hosts that this version could not build for. Raises BadInventory."""
    for name, host in environment.hosts.items():
        root = host.root or environment.root
        if found := _wrong(host, root):
            key, what, advice = found
            raise BadInventory(what, where=f"{where}: hosts.{name}.{key}", advice=advice)
    platforms = {host.platform: name for name, host in environment.hosts.items()}
    if len(platforms) > 1:
        raise BadInventory(
            f"host {platforms['linux']} runs Linux, host {platforms['windows']} Windows",
            where=where,
            advice="give each platform an environment of its own: a release is built for one",
        )
    if "windows" in platforms and environment.balancer.kind == "haproxy":
        raise BadInventory(
            "HAProxy does not run on Windows",
            where=f"{where}: balancer.kind",
            advice='balancer.kind = "apache", or "none" with a balancer elsewhere',
        )
    pythons = {host.python_version: name for name, host in environment.hosts.items()}
    if len(pythons) > 1:
        said = " and ".join(f"{version} on {name}" for version, name in pythons.items())
        raise BadInventory(f"one release is for one Python, not for {said}", where=where)


def _wrong(host: Host, root: str) -> tuple[str, str, str] | None:
    """The key that does not fit a host's platform, what is wrong, and what to do."""
    windows = host.platform == "windows"
    if windows != (host.transport == "psexec"):
        fitting = "psexec" if windows else "local"
        what = f'platform = "{host.platform}" goes with transport = "{fitting}"'
        return "transport", f'{what}, not "{host.transport}"', ""
    if windows and not host.python_version:
        what = "missing: this version cannot ask a Windows host which Python it has"
        return "python_version", what, 'for example: python_version = "3.11"'
    if not windows and host.python_version:
        return "python_version", "only for Windows hosts: others are asked", "leave it out"
    if windows and host.memcached:
        return "memcached", "memcached does not run on Windows", "use one on another machine"
    if windows and not _DRIVE.match(root):
        return "root", f"{root} is no path with a drive", "for example: root = 'D:\\farm'"
    return None
