"""What the system refuses, said so that the reader knows what to do."""

import errno
import os

import pytest

from pipeline.transport.refusals import refusal


@pytest.mark.parametrize(
    ("number", "reason", "advice"),
    [
        (errno.EACCES, "permission denied", "run as a user who may"),
        (errno.ENOSPC, "no space left on device", "the disk is full"),
        (errno.EROFS, "read-only file system", "mount it for writing"),
        (errno.EIO, "input/output error", ""),
    ],
)
def test_a_refusal_says_where_why_and_what_next(number: int, reason: str, advice: str) -> None:
    error = refusal(OSError(number, os.strerror(number)), "/srv/a")
    assert str(error) == f"/srv/a: {reason}"
    assert advice in error.advice
