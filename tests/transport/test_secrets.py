"""Secrets by reference: where they come from, and that no error shows one."""

import sys
from pathlib import Path

import pytest

from pipeline.errors import CheckFailed
from pipeline.secret import SecretRef
from pipeline.transport.secrets import resolve

VALUE = "pass wörd "


def test_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARM_TEST_SECRET", VALUE)
    assert resolve(SecretRef("env:FARM_TEST_SECRET"), folder=tmp_path).value == VALUE


def test_a_variable_that_is_not_set(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="env:FARM_TEST_ABSENT: the variable is not set"):
        resolve(SecretRef("env:FARM_TEST_ABSENT"), folder=tmp_path)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_from_a_file_of_the_project(tmp_path: Path, end: str) -> None:
    (tmp_path / "key").write_bytes(f"{VALUE}{end}".encode())
    (tmp_path / "key").chmod(0o600)
    assert resolve(SecretRef("file:key"), folder=tmp_path).value == VALUE


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "key").write_text(VALUE)
    (tmp_path / "key").chmod(mode)
    with pytest.raises(CheckFailed, match="others may read it") as refused:
        resolve(SecretRef("file:key"), folder=tmp_path)
    assert VALUE not in "\n".join(refused.value.lines())
    assert refused.value.advice == f"chmod 600 {tmp_path / 'key'}"


CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"


def test_anybody_may_read_a_certificate_that_has_no_key_beside_it(tmp_path: Path) -> None:
    (tmp_path / "pem").write_text(CERTIFICATE)
    (tmp_path / "pem").chmod(0o644)
    assert resolve(SecretRef("file:pem"), folder=tmp_path).value == CERTIFICATE


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX's")
def test_nobody_else_may_read_a_certificate_with_its_key(tmp_path: Path) -> None:
    (tmp_path / "pem").write_text(f"{CERTIFICATE}\n-----BEGIN EC PRIVATE KEY-----\n")
    (tmp_path / "pem").chmod(0o644)
    with pytest.raises(CheckFailed, match="others may read it"):
        resolve(SecretRef("file:pem"), folder=tmp_path)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="file:key: no such file"):
        resolve(SecretRef("file:key"), folder=tmp_path)
    (tmp_path / "key").write_bytes(b"\xff\xfesecret")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(CheckFailed, match="not UTF-8") as refused:
        resolve(SecretRef("file:key"), folder=tmp_path)
    assert refused.value.__cause__ is None


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where Python looks for the keyring package first."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    return tmp_path / "keyring.py"


def test_without_the_keyring_package_it_says_so(keyring: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="not installed") as refused:
        resolve(SecretRef("keyring:farm/deploy"), folder=tmp_path)
    assert refused.value.advice.startswith("pip install keyring")


def test_from_the_keyring(keyring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.write_text(
        "def get_password(service, user):\n"
        "    return {('farm', 'deploy'): 'word'}.get((service, user))\n"
    )
    assert resolve(SecretRef("keyring:farm/deploy"), folder=tmp_path).value == "word"
    with pytest.raises(CheckFailed, match="no such entry"):
        resolve(SecretRef("keyring:farm/other"), folder=tmp_path)
    with pytest.raises(CheckFailed, match="expected keyring:SERVICE/USER"):
        resolve(SecretRef("keyring:farm"), folder=tmp_path)
    monkeypatch.delitem(sys.modules, "keyring", raising=False)


def test_a_locked_keyring(keyring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.write_text("def get_password(service, user):\n    raise RuntimeError('word')\n")
    with pytest.raises(CheckFailed, match="does not answer") as refused:
        resolve(SecretRef("keyring:farm/deploy"), folder=tmp_path)
    assert "word" not in "\n".join(refused.value.lines())
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
