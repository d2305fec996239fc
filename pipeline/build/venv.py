"""How a virtualenv is made from a release's wheels: on a host, and for the build itself. Pure.

It is made where it stays, for virtualenvs do not move, and is ready when its marker is there.
"""

from pipeline.command import Command

MARKER = "complete"
SLOW = 600.0  # seconds
UNCHECKED = {"PYC_INVALIDATION_MODE": "UNCHECKED_HASH", "UV_PYTHON_DOWNLOADS": "never"}
ISOLATED = ("--no-config", "--no-progress", "--offline")

# Whatever umask the deployer has: the user that the site runs as reads all, and writes nothing.
FINISH = """\
import os, sys
root = sys.argv[1]
for folder, folders, files in os.walk(root):
    for path in [folder, *(os.path.join(folder, name) for name in files)]:
        if not os.path.islink(path):
            mode = os.stat(path).st_mode & 0o755
            os.chmod(path, mode | (0o755 if mode & 0o100 else 0o644))
marker = os.path.join(root, "complete")
open(marker, "w").close()
os.chmod(marker, 0o644)
"""

# A file that this Python cannot compile, say a template of one, is left to whoever imports it.
COMPILE = """\
import compileall, os, py_compile, sys
os.umask(0o022)
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
compileall.compile_dir(sys.argv[1], quiet=2, invalidation_mode=mode)
"""


def venv_key(lock_hash: str, python_version: str, *, system_site_packages: bool = False) -> str:
    """What a virtualenv is known by: `py3.11-1a2b3c4d5e6f`. Releases with equal keys share it."""
    minor = ".".join(python_version.split(".")[:2])
    return f"py{minor}-{lock_hash[:12]}" + ("-system" if system_site_packages else "")


def venv_commands(
    path: str,
    python: str,
    wheels: str,
    requirements: str,
    *,
    system_site_packages: bool = False,
    uv: str = "uv",
) -> tuple[Command, ...]:
    """Make the virtualenv at `path`, in this order; a half-made one is begun anew.

    Nothing comes from the network: `wheels` is the release's folder, `requirements` its lock. With
    the system's packages, the lock need not name what Debian brings.
    """
    system = ("--system-site-packages",) if system_site_packages else ()
    no_deps = ("--no-deps",) if system_site_packages else ()
    make = (
        uv,
        "venv",
        "-q",
        *ISOLATED,
        "--no-project",
        "--clear",
        "--python",
        python,
        *system,
        path,
    )
    fill = (
        *(uv, "pip", "install", "-q", *ISOLATED, "--no-cache", "--python", path, "--no-index"),
        *("--find-links", wheels, "--require-hashes", *no_deps, "--link-mode", "copy"),
        *("--compile-bytecode", "-r", requirements),
    )
    return (
        Command(argv=make, environ=UNCHECKED, timeout=SLOW),
        Command(argv=fill, environ=UNCHECKED, timeout=SLOW),
        Command(argv=(python, "-I", "-c", FINISH, path)),
    )


def compile_command(python: str, folder: str) -> Command:
    """Compile a release's code where it runs. Its files never change, so nothing is checked."""
    return Command(argv=(python, "-I", "-c", COMPILE, folder), timeout=SLOW)
