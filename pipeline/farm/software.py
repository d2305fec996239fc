"""The programs of a host that run the farm: Apache, mod_wsgi and a Python that fits."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PureWindowsPath

from pipeline.errors import BadInventory
from pipeline.farm.inventory import Host
from pipeline.farm.layout import ServiceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """What was chosen on one host. Paths are absolute, in the host's own way of writing.

    `python_version` is the minor version (`3.11`) of both `python` and the Python that `mod_wsgi`
    was built for; `server_root` is the one built into Apache, below which its own files lie. What
    not every farm needs is empty where it is not there.
    """

    apache: str
    apache_version: str
    server_root: str
    modules: str
    mod_wsgi: str
    python: str
    python_version: str
    haproxy: str = ""
    haproxy_version: str = ""
    memcached: str = ""
    rotatelogs: str = ""
    mod_xsendfile: str = ""

    @property
    def programs(self) -> Mapping[ServiceKind, str]:
        """What runs services of each kind."""
        return {"httpd": self.apache, "haproxy": self.haproxy, "memcached": self.memcached}


def stated(host: Host, name: str) -> Software:
    """What a Windows host has, as the inventory says: it is not asked. Raises BadInventory."""
    said = {key: getattr(host, key) or "" for key in ("apache", "mod_wsgi", "python")}
    if missing := [key for key, path in said.items() if not path]:
        raise BadInventory(
            f"{', '.join(missing)} must be said: this version cannot ask a Windows host",
            where=f"hosts.{name}",
            advice="for example: apache = 'C:\\Apache24\\bin\\httpd.exe'",
        )
    programs = PureWindowsPath(said["apache"]).parent
    version = host.python_version or ""
    return Software(
        **said,
        apache_version="",
        server_root=str(programs.parent),
        modules=str(programs.parent / "modules"),
        python_version=".".join(version.split(".")[:2]),
        rotatelogs=str(programs / "rotatelogs.exe"),
    )
