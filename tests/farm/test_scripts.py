"""A script is read by the program that its ending names, in the bytes that this one wants."""

import pytest

from pipeline.farm.scripts import bytes_of, interpreter

POWERSHELL = "powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File"


@pytest.mark.parametrize(
    ("script", "windows", "words"),
    [
        ("SITE:hooks/a.sh", False, "sh"),
        ("hooks/a.sh", True, ""),
        ("hooks\\A.CMD", True, "cmd /d /c"),
        ("a.bat", True, "cmd /d /c"),
        ("a.bat", False, ""),
        ("a.ps1", True, POWERSHELL),
        ("a.ps1", False, ""),
    ],
)
def test_the_ending_and_the_system_choose_the_program(
    script: str, windows: bool, words: str
) -> None:
    assert interpreter(script, windows=windows) == tuple(words.split())


@pytest.mark.parametrize(
    ("script", "content"),
    [
        ("a.sh", b"\xc3\xa5\nb\n"),
        ("a.cmd", b"\xc3\xa5\r\nb\r\n"),
        ("a.ps1", b"\xef\xbb\xbf\xc3\xa5\nb\n"),
    ],
)
def test_line_ends_and_marks_are_those_of_the_program(script: str, content: bytes) -> None:
    assert bytes_of(script, "\xe5\r\nb\n") == content
