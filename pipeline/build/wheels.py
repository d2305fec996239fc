"""The wheels of a requirements lock: each one by its hash, fetched once.

uv cannot download wheels, so pip does: the interpreter's own, or one that uv fetches. Run by the
interpreter that the release is for, it takes the wheels and environment markers that fit.
"""

import re
from pathlib import Path

from pipeline.build.run import run, tool_environ
from pipeline.command import Command, Outcome, command
from pipeline.disk import made_whole
from pipeline.errors import BuildFailed, CheckFailed

PIP = "pip==25.3 --hash=sha256:9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd\n"
NO_WHEEL = re.compile(r"No matching distribution found for (\S+)")
NO_HASH = re.compile(
    r"Hashes are required in --require-hashes mode|THESE PACKAGES DO NOT MATCH THE HASHES"
)
NO_NETWORK = re.compile(
    r"connection broken|ConnectionError|Temporary failure in name resolution|Max retries exceeded"
)
LONG = 900.0  # seconds


def requirement_lines(lock: str) -> tuple[str, ...]:
    """The lines of a lock that ask for something."""
    lines = (line.strip() for line in lock.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def fetch(lock: Path, python: str, uv: str, cache: Path, name: str) -> Path:
    """The folder `cache`/wheels/`name` with the wheels of `lock`: fetched when it is not there."""
    wheels = cache / "wheels" / name
    if wheels.is_dir():
        return wheels
    with made_whole(wheels) as making:
        making.mkdir()
        if requirement_lines(lock.read_text(encoding="utf-8")):
            log = cache / "logs" / f"wheels-{name}.log"
            _download(lock, python, _pip(python, uv, cache), making, log)
    return wheels


def refusal(outcome: Outcome, log: Path) -> BuildFailed:
    """What pip's complaint means."""
    advice = f"the whole log: {log}"
    if NO_NETWORK.search(outcome.out):
        return BuildFailed("the package index cannot be reached", advice=advice)
    if lacking := NO_WHEEL.search(outcome.out):
        what = f"{lacking[1]} has no wheel for this Python and platform"
        return BuildFailed(
            what, advice="pin a version that has one, or put a wheel into your index"
        )
    if NO_HASH.search(outcome.out):
        what = "the requirements lock has no hash for a package, or the package has another"
        return BuildFailed(what, advice=f"lock with `uv pip compile --generate-hashes`; {advice}")
    return BuildFailed(f"the wheels did not come: {outcome.said}", advice=advice)


def _download(lock: Path, python: str, pip: Path | None, wheels: Path, log: Path) -> None:
    pathed = {} if pip is None else {"PYTHONPATH": str(pip)}
    argv = (
        *(python, "-m", "pip", "download", "--disable-pip-version-check", "--no-input"),
        *("--progress-bar", "off", "--require-hashes", "--no-deps", "--only-binary", ":all:"),
        *("-d", str(wheels), "-r", str(lock)),
    )
    download = Command(argv=argv, timeout=LONG)
    outcome = run(download, tool_environ(pathed), log=log)
    if outcome.exit_code:
        raise refusal(outcome, log)


def _pip(python: str, uv: str, cache: Path) -> Path | None:
    """A folder for PYTHONPATH that holds pip; None when the interpreter has its own."""
    if run(command(python, "-m", "pip", "--version"), tool_environ({})).exit_code == 0:
        return None
    folder = cache / "tools" / PIP.split()[0].replace("==", "-")
    if not folder.is_dir():
        with made_whole(folder) as making:
            words = (uv, "pip", "install", "-q", "--python", python, "--target", str(making))
            install = Command(argv=(*words, "--require-hashes", "-r", "-"), timeout=LONG)
            outcome = run(install, tool_environ({}), given=PIP)
            if outcome.exit_code:
                advice = f"install pip for {python}"
                raise CheckFailed(
                    f"no pip, and none could be fetched: {outcome.said}", advice=advice
                )
    return folder
