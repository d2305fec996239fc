"""The check of platforms finds what it is for."""

import pytest

from tests.architecture.code import of_texts
from tests.architecture.platforms import unguarded

GUARDED = [
    "if sys.platform != 'win32':\n    import pwd",
    "if sys.platform == 'win32':\n    import msvcrt\nelse:\n    import fcntl",
    "if sys.platform == 'linux':\n    pwd\nelif sys.platform == 'win32':\n    import winreg",
    "if not sys.platform.startswith('win'):\n    import grp",
    "def f():\n    if sys.platform == 'win32':\n        return\n    import resource",
    "def f():\n    if sys.platform == 'win32':\n        raise Failed\n    os.fork()",
    "def f():\n    assert sys.platform != 'win32'\n    os.fork()",
    "ok = sys.platform != 'win32' and os.geteuid() == 0",
    "ok = sys.platform == 'win32' or os.geteuid() == 0",
    "uid = os.getuid() if sys.platform != 'win32' else 0",
    "if sys.platform != 'win32' and wanted:\n    import pwd",
    "os.kill(pid, signal.SIGTERM)",
]
UNGUARDED = [
    ("import fcntl", 1, "fcntl"),
    ("from pwd import getpwnam", 1, "pwd"),
    ("try:\n    import fcntl\nexcept ImportError:\n    fcntl = None", 2, "fcntl"),
    ("def f():\n    import resource", 2, "resource"),
    ("if sys.platform == 'win32':\n    import pwd", 2, "pwd"),
    ("if sys.platform != 'win32' or wanted:\n    import pwd", 2, "pwd"),
    ("if os.geteuid() == 0 and sys.platform != 'win32':\n    pass", 1, "os.geteuid"),
    ("def f():\n    if sys.platform == 'win32':\n        pass\n    os.fork()", 4, "os.fork"),
    ("from os import fork", 1, "os.fork"),
    ("signal.signal(signal.SIGHUP, f)", 1, "signal.SIGHUP"),
]


def complaints(text: str) -> list[str]:
    return list(unguarded(of_texts({"pipeline/disk.py": text}), "pipeline.disk"))


@pytest.mark.parametrize("text", GUARDED)
def test_guarded(text: str) -> None:
    assert complaints(text) == []


@pytest.mark.parametrize(("text", "line", "name"), UNGUARDED)
def test_unguarded(text: str, line: int, name: str) -> None:
    assert complaints(text) == [
        f"pipeline.disk:{line} uses {name}, which win32 has not: "
        f"put it behind `if sys.platform`, and say what happens there instead"
    ]


def test_what_only_windows_has_is_guarded_too() -> None:
    assert complaints("import msvcrt") == [
        "pipeline.disk:1 uses msvcrt, which linux has not: "
        "put it behind `if sys.platform`, and say what happens there instead"
    ]
