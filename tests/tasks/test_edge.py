"""Where tasks meet the user: words in, exit codes out."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from invoke.config import Config
from invoke.context import Context
from invoke.exceptions import Exit

from pipeline.errors import BadCall, BuildFailed, DifferencesFound, FarmhandError, HazardRefused
from pipeline.tasks import edge
from pipeline.tasks.act import Consent


def ending(error: BaseException) -> tuple[int, str]:
    """How a task ends that raises this."""

    def run() -> None:
        raise error

    with pytest.raises(Exit) as caught:
        edge.with_exit_codes(run)
    return caught.value.code, str(caught.value)


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (BadCall("no", where="--env", advice="say it"), (1, "--env: no\n  -> say it")),
        (BuildFailed("it broke"), (1, "it broke")),
        (DifferencesFound("they differ"), (2, "they differ")),
        (HazardRefused("too dear"), (3, "too dear")),
        (KeyboardInterrupt(), (1, "interrupted")),
    ],
)
def test_an_error_becomes_its_lines_and_its_exit_code(
    error: FarmhandError, end: tuple[int, str]
) -> None:
    assert ending(error) == end


def test_a_mistake_of_ours_is_told_in_two_lines_and_kept_in_a_file() -> None:
    code, text = ending(ZeroDivisionError("division by zero"))

    first, second = text.splitlines()
    assert (code, first) == (
        1,
        "a mistake in farmhand itself: ZeroDivisionError: division by zero",
    )
    kept = Path(second.removeprefix("  -> please report it, with "))
    try:
        assert "Traceback" in kept.read_text(encoding="utf-8")
    finally:
        kept.unlink()


def test_a_reader_who_has_gone_is_no_error_to_talk_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", sys.stdout)  # which is replaced
    assert ending(BrokenPipeError()) == (1, "")
    sys.stdout.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, ()), ("", ()), ("a", ("a",)), (" a , b,", ("a", "b"))],
)
def test_a_list_of_words(text: str | None, words: tuple[str, ...]) -> None:
    assert edge.words(text) == words


def test_a_number_is_a_number() -> None:
    assert edge.number("20", "--limit") == 20


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "many", "²"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadCall) as caught:
        edge.number(text, "--limit")
    assert caught.value.lines() == (f"--limit: {text!r} is not a number from 1 on",)


@pytest.mark.parametrize(
    ("path", "what"),
    [("nowhere", "No such file or directory"), (".", "Is a directory")],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadCall) as caught:
        edge.read(path)
    assert caught.value.lines() == (f"{path}: {what}",)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "plan.json"
    with pytest.raises(BadCall) as caught, edge.writing(str(path)):
        path.write_text("")
    assert caught.value.lines() == (f"{path}: No such file or directory",)


@pytest.mark.parametrize(
    ("dry", "option", "is_dry"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
def test_invokes_own_dry_means_dry_run(dry: bool, option: bool, is_dry: bool) -> None:
    assert edge.is_dry(context(dry=dry), option) is is_dry


def test_a_task_without_a_dry_run_refuses_invokes_own() -> None:
    edge.refuse_dry(context(dry=False))
    with pytest.raises(BadCall):
        edge.refuse_dry(context(dry=True))


def test_nobody_is_asked_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(FarmhandError) as caught:
        edge.confirm("Break it?", yes=False)
    edge.confirm("Break it?", yes=True)
    assert caught.value.exit_code == 3


def consent(*allow: str) -> Callable[[], Consent]:
    return lambda: Consent(allow=allow)


@pytest.mark.parametrize(
    "make", [consent(), consent("drops-object:dbo.x"), consent("drops-*:*"), consent("*:dbo.x")]
)
def test_what_names_a_hazard_and_an_object_is_taken(make: Callable[[], Consent]) -> None:
    assert make().allowed.patterns == make().allow


@pytest.mark.parametrize(
    ("allow", "code"),
    [("drop-object:x", 1), ("zzz:x", 1), (":x", 1), ("drops-object", 3), ("drops-*", 3)],
)
def test_what_names_none_is_refused_before_anything_is_done(allow: str, code: int) -> None:
    with pytest.raises(FarmhandError) as caught:
        consent(allow)()
    assert (caught.value.exit_code, caught.value.where) == (code, "--allow")


def context(*, dry: bool) -> Context:
    return Context(Config(overrides={"run": {"dry": dry}}))
