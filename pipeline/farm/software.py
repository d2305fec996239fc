"""The programs of a host that run the farm: Apache, mod_wsgi and a Python that fits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """What was chosen on one host. Paths are absolute, in the host's own way of writing.

    `python_version` is the minor version (`3.11`) of both `python` and the Python that `mod_wsgi`
    was built for; `server_root` is the one built into Apache, below which its own files lie.
    """

    apache: str
    apache_version: str
    server_root: str
    modules: str
    mod_wsgi: str
    python: str
    python_version: str
