"""Certificates: which are taken, which are refused and in which words, what is said of them."""

import ssl
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CheckFailed
from pipeline.observe.certificate import SOON, Certificate
from pipeline.observe.pem import LIFE, read_der, read_pem, self_signed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = ("www.example.com", "localhost", "127.0.0.1")
PEM = self_signed(NAMES, NOW)
END = b"-----END CERTIFICATE-----\n"
SHOWN, KEY = PEM.split(END)[0] + END, PEM.split(END)[1]
OTHER = self_signed(["other.example.com"], NOW)


def test_one_that_was_made_here_is_in_force_at_once_and_for_a_year() -> None:
    made = read_pem(PEM, "file:pem")
    assert made == Certificate(NAMES, NOW - timedelta(hours=1), NOW + LIFE)
    assert made.refusal(NOW) == ""
    assert made.warnings("www.example.com", NOW) == ()


def test_the_servers_own_is_the_first_of_several() -> None:
    assert read_pem(SHOWN + OTHER.split(END)[0] + END + KEY, "file:pem").names == NAMES


def test_the_key_may_come_first() -> None:
    assert read_pem(KEY + SHOWN, "file:pem").names == NAMES


def test_what_a_server_shows_is_read_as_well() -> None:
    assert read_der(ssl.PEM_cert_to_DER_cert(SHOWN.decode())).names == NAMES


def with_password(pem: bytes) -> bytes:
    key = serialization.load_pem_private_key(pem, password=None)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"hunter2"),
    )


@pytest.mark.parametrize(
    ("pem", "said"),
    [
        (b"", "file:a: holds no certificate that can be read"),
        (b"\xff\x00", "file:a: holds no certificate that can be read"),
        (KEY, "file:a: holds no certificate that can be read"),
        (SHOWN.replace(b"MI", b"MA", 1) + KEY, "file:a: holds no certificate that can be read"),
        (SHOWN, "file:b: holds no private key"),
        (SHOWN + KEY + KEY, "file:b: holds two private keys"),
        (SHOWN + KEY[:60], "file:b: holds no private key"),
        (SHOWN + KEY.replace(b"MI", b"MA", 1), "file:b: its private key cannot be read"),
        (SHOWN + with_password(KEY), "file:b: its private key has a password"),
        (SHOWN + OTHER.split(END)[1], "file:b: the key does not fit the certificate"),
        (OTHER.split(END)[0] + END + PEM, "file:b: the key does not fit the certificate"),
    ],
)
def test_what_no_balancer_could_use_is_refused(pem: bytes, said: str) -> None:
    with pytest.raises(CheckFailed) as refused:
        read_pem(pem, "file:a", "file:b")
    assert str(refused.value) == said
    assert refused.value.advice
    assert refused.value.__cause__ is None


@given(st.binary(max_size=40), st.integers(0, len(PEM)))
def test_damage_is_refused_and_never_another_error(junk: bytes, at: int) -> None:
    with suppress(CheckFailed):
        assert read_pem(PEM[:at] + junk + PEM[at + len(junk) :], "file:pem").until > NOW


MADE = read_pem(PEM, "file:pem")


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        (MADE.since - timedelta(seconds=1), "is not valid before 2026-03-01 11:00 UTC"),
        (MADE.since, ""),
        (MADE.until - timedelta(seconds=1), ""),
        (MADE.until, "expired on 2027-03-01 12:00 UTC"),
    ],
)
def test_it_is_refused_outside_its_time(now: datetime, refusal: str) -> None:
    assert MADE.refusal(now) == refusal


@pytest.mark.parametrize(
    ("left", "warnings"),
    [
        (SOON, ()),
        (SOON - timedelta(1), ("the certificate expires on 2027-03-01 12:00 UTC",)),
    ],
)
def test_its_last_days_are_told(left: timedelta, warnings: tuple[str, ...]) -> None:
    assert MADE.warnings("localhost", MADE.until - left) == warnings


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("example.com", True),
        ("EXAMPLE.com", True),
        ("a.example.com", False),
        ("a.example.org", True),
        ("a.b.example.org", False),
        ("example.org", False),
    ],
)
def test_a_star_stands_for_one_part_of_a_name(name: str, covered: bool) -> None:
    assert replace(MADE, names=("example.com", "*.example.org")).covers(name) is covered


def test_a_name_that_it_does_not_have_is_told() -> None:
    assert MADE.warnings("shop.example.com", NOW) == (
        "the certificate is for www.example.com, localhost, 127.0.0.1, not for shop.example.com",
    )


def test_openssl_takes_it(tmp_path: Path) -> None:
    pem = tmp_path / "pem"
    pem.write_bytes(PEM)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(pem)
    said = subprocess.run(
        ["openssl", "x509", "-in", str(pem), "-noout", "-checkhost", "localhost"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "does match" in said.stdout
