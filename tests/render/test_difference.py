"""Unified diffs for people."""

from pipeline.render.difference import diff_files


def test_equal_files_say_nothing() -> None:
    assert diff_files({"a": "x\n", "b": None}, {"a": "x\n"}) == ""


def test_files_change_come_and_go_in_order() -> None:
    old = {"/b": "one\ntwo\n", "/a": "gone\n", "/d": None}
    new = {"/b": "one\n2\n", "/a": None, "/c": "new", "/d": ""}
    assert diff_files(old, new) == (
        "--- /a\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n"
        "--- /b\n+++ /b\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
        "--- /dev/null\n+++ /c\n@@ -0,0 +1 @@\n+new\n\\ No newline at end of file\n"
        "--- /dev/null\n+++ /d\n"
    )


def test_only_newlines_part_lines() -> None:
    assert diff_files({"a": "x\x0cy\r\n"}, {"a": "x\x0cz\r\n"}) == (
        "--- a\n+++ a\n@@ -1 +1 @@\n-x\x0cy\r\n+x\x0cz\r\n"
    )
