"""Whether Microsoft's own parser takes a script: ScriptDom, which the program `maxdop` carries.

It knows the grammar of each version of SQL Server, and nothing about names or types.
"""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

PROGRAM = Path(sys.executable).parent / ("maxdop.exe" if sys.platform == "win32" else "maxdop")
VERSIONS = (2008, 2012, 2014, 2016, 2017, 2019, 2022)
_ERROR = re.compile(r"^maxdop:.*?[ ](\d+:\d+: .*)$", re.MULTILINE)
_GO = re.compile(r"(?im)^[ \t]*GO[ \t]*(?:\d+[ \t]*)?$")


def accepted(script: str, version: int = 2022) -> list[str]:
    """Give what the parser of this version says against a script: nothing when it takes it.

    Each error is `line:column: what (error number)`, counted inside its batch, and that batch.
    """
    said = _said(script, version)
    if not said:
        return []
    found = []
    for batch in _GO.split(script):
        found += [f"{error} in:\n{batch.strip()}" for error in _said(batch.strip(), version)]
    return found or list(said)


@cache
def _said(script: str, version: int) -> tuple[str, ...]:
    if not script.strip():
        return ()
    answer = subprocess.run(
        [PROGRAM, "--parser-version", str(version)],
        input=script.encode(),
        capture_output=True,
        check=False,
    )
    said = answer.stderr.decode()
    if answer.returncode == 0:
        return ()
    return tuple(_ERROR.findall(said)) or (f"exit {answer.returncode}: {said.strip()}",)
