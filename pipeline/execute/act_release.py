"""Actions that bring a release to a host, and make ready what it needs to run."""

from dataclasses import replace
from pathlib import Path

from uv import find_uv_bin

from pipeline.build.content import PARTS
from pipeline.build.venv import compile_command, venv_commands
from pipeline.command import Command, command
from pipeline.errors import Failed
from pipeline.facts.answer import sha256
from pipeline.facts.changeset import Manifest
from pipeline.plan.action import CompileBytecode, MakeVenv, PublishStatic, PushRelease
from pipeline.transport.base import Transport

MANIFEST = "manifest.json"
NAMED = 3  # files that an error names

# kill -9 spares what the deploy has started. This ends with it, where the host can see to that.
TIED = """
command -v setpriv >/dev/null && exec setpriv --pdeathsig KILL "$@"
exec "$@"
"""

# What was left all the same would go on writing into the next
# virtualenv. $1 is its folder: who carries it as a word is ended.
END = r"""
for round in 1 2 3 4 5 6 7 8 9 10; do
  ended=
  for file in $(grep -lszxF -e "$1" /proc/[0-9]*/cmdline); do
    pid=${file#/proc/} pid=${pid%/cmdline}
    [ "$pid" = $$ ] || { kill -s KILL "$pid" 2>/dev/null && ended=1; }
  done
  [ "$ended" ] || exit 0
  sleep 0.1
done
echo "what a killed deploy has left still writes into it" >&2
exit 1
"""


def push_release(action: PushRelease, way: Transport, store: Path) -> str:
    """Copy a release from the store of this machine, and hash on the host what arrived."""
    if not damage(action, way):
        return "it is there, whole"
    folder = store / action.release
    if not (folder / MANIFEST).is_file():
        raise Failed(
            "the release is not in the store", where=str(folder), advice="build it, then resume"
        )
    way.push(folder, action.path)
    if wrong := damage(action, way):
        raise Failed(
            f"what arrived is not what was sent: {wrong}",
            where=action.path,
            advice="look at the disk, and whether somebody changed the release store",
        )
    return f"{action.release}, manifest {action.digest[:12]}"


def damage(action: PushRelease, way: Transport) -> str:
    """What is missing or different on the host; empty when the release is there, whole."""
    text = way.read(f"{action.path}/{MANIFEST}")
    if text is None:
        return f"no {MANIFEST}"
    if sha256(text) != action.digest:
        return f"another {MANIFEST}"
    wanted = Manifest.from_json(text.decode()).files
    found = way.tree(action.path, tuple(f"{part}/**" for part in PARTS)).files
    wrong = [
        path
        for path, entry in wanted.items()
        if path not in found
        or (found[path].size, found[path].sha256) != (entry.size, entry.sha256)
    ]
    more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
    return ", ".join(wrong[:NAMED]) + more


def make_venv(action: MakeVenv, way: Transport, uv: str) -> str:
    """Make a virtualenv; a half-made one is begun anew. Its marker is written last."""
    if way.exists(action.marker):
        return "it is there"
    if way.exists(action.path):
        _must(way, command("sh", "-c", END, "farmhand", action.path, timeout=30), action.path)
        way.remove(action.path)
    for each in venv_commands(
        action.path,
        action.python,
        f"{action.release_path}/wheels",
        f"{action.release_path}/code/{action.requirements}",
        system_site_packages=action.system_site_packages,
        uv=uv or find_uv_bin(),
    ):
        _must(way, each, action.path)
    if not way.exists(action.marker):
        way.write(action.marker, b"")
    return action.path


def compile_bytecode(action: CompileBytecode, way: Transport) -> str:
    """Compile the code that the host runs."""
    if way.exists(action.marker):
        return "it is compiled"
    _must(way, compile_command(action.python, action.path), action.path)
    way.write(action.marker, b"")
    return "compiled"


def publish_static(action: PublishStatic, way: Transport) -> str:
    """Add static files to those that are served."""
    if way.exists(action.marker):
        return "they are there"
    way.merge(action.source, action.path)
    way.write(action.marker, b"")
    return "published"


def _must(way: Transport, each: Command, where: str) -> None:
    tied = ("sh", "-c", TIED, "farmhand") if where.startswith("/") else ()  # not on Windows
    outcome = way.run(replace(each, argv=(*tied, *each.argv)))
    if outcome.exit_code != 0:
        program = str(each.argv[0]).replace("\\", "/").rpartition("/")[2]
        raise Failed(f"{program}: {outcome.said}", where=where)
