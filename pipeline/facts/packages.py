"""How each program that a farm needs is installed, on each family of systems."""

import re
from collections.abc import Mapping
from typing import Literal

Family = Literal["debian", "redhat", "windows"]

_DEBIAN = "apt-get install -y --no-install-recommends "
_REDHAT = "dnf install -y "
_PIP = "py -3 -m pip install "

PACKAGES: Mapping[str, Mapping[Family, str]] = {
    "apache": {
        "debian": "apache2-bin",
        "redhat": "httpd",
        "windows": r"unpack https://www.apachelounge.com/download/ to C:\Apache24",
    },
    "mod_wsgi": {
        "debian": "libapache2-mod-wsgi-py3",
        "redhat": "python3-mod_wsgi",
        "windows": r"set MOD_WSGI_APACHE_ROOTDIR=C:\Apache24&& py -3 -m pip install mod_wsgi",
    },
    "haproxy": {"debian": "haproxy", "redhat": "haproxy"},
    "memcached": {"debian": "memcached", "redhat": "memcached"},
    "rotatelogs": {"debian": "apache2-utils", "redhat": "httpd"},
    "mod_xsendfile": {"debian": "libapache2-mod-xsendfile", "redhat": "mod_xsendfile"},
    "python": {
        "debian": "python3",
        "redhat": "python3",
        "windows": "winget install --id Python.Python.3.11",
    },
    "hg": {
        "debian": "mercurial",
        "redhat": "mercurial",
        "windows": "winget install --id Mercurial.Mercurial",
    },
}
"""Packages by their names; for Windows, which has none, what to do."""


def family_of(os_release: str) -> Family | None:
    """The family of a Linux system by its /etc/os-release; None for another."""
    found = re.findall(r'^ID(?:_LIKE)?="?([^"\n]*)', os_release, re.MULTILINE)
    names = {name for line in found for name in line.split()}
    if names & {"debian", "ubuntu"}:
        return "debian"
    return "redhat" if names & {"rhel", "fedora", "centos"} else None


def install(name: str, family: Family | None) -> str:
    """What to type to have it; every way that there is for a system that is not known."""
    words = PACKAGES.get(name, {})
    match family:
        case "debian" | "redhat" if family in words:
            return (_DEBIAN if family == "debian" else _REDHAT) + words[family]
        case "windows":
            return words.get("windows", "")
        case _:
            return how_to_install(name) if words else ""


def how_to_install(name: str) -> str:
    """How it is installed on the usual kinds of Linux, in one line."""
    words = PACKAGES[name]
    return (
        f"apt install {words['debian']} (Debian, Ubuntu) or "
        f"dnf install {words['redhat']} (Red Hat, Fedora)"
    )
