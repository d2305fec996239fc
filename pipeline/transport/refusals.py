"""What an operating system refuses, in words that say where, why and what to do next."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import Failed


@contextmanager
def refusals(path: str) -> Iterator[None]:
    """Turn an `OSError` about `path` into `Failed`; other errors pass."""
    try:
        yield
    except OSError as error:
        raise refusal(error, path) from error


def refusal(error: OSError, path: str) -> Failed:
    """The error to raise when work on `path` ended with `error`."""
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    return Failed(reason, where=path, advice=_advice(error))


def _advice(error: OSError) -> str:
    """What helps against it; nothing when the reason says it all."""
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return "run as a user who may do this, or close what has the file open"
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full: make room, then resume"
        case errno.EROFS:
            return "the file system is read-only: mount it for writing, then resume"
        case errno.ENOENT | errno.ENOTDIR:
            return "the folder must be there first"
        case _:
            return ""
