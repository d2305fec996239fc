"""Bytes of a script to text: SQL Server's tools write UTF-16 and Windows-1252 as well as UTF-8."""

from pipeline.errors import BadSchema

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_LOOKED_AT = 4096


def decode(path: str, content: bytes) -> str:
    """Give a file's text. BadSchema names a file that is none.

    A mark at its beginning says what it is; else it is UTF-16 where every second byte is mostly
    zero, UTF-8 where it is valid, and Windows-1252 in all other cases.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(path, content[len(mark) :], encoding)
    if b"\x00" in content:
        return _strictly(path, content, _without_mark(path, content))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _windows(content)


def _strictly(path: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadSchema(
            f"this is no {encoding.upper()} from byte {error.start} on",
            where=path,
            advice="save the file as UTF-8",
        ) from None


def _without_mark(path: str, content: bytes) -> str:
    """Give which UTF-16 it is, by where the zero bytes of its plain letters stand."""
    head = content[:_LOOKED_AT]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even and odd * 4 >= len(head):
        return "utf-16-le"
    if even > 4 * odd and even * 4 >= len(head):
        return "utf-16-be"
    raise BadSchema("this is no text", where=path, advice="take the file out, or save it as UTF-8")


def _windows(content: bytes) -> str:
    """Windows-1252 has five bytes without a character: they stand for themselves."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(_CHARACTERS[byte] for byte in content)


def _character(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_CHARACTERS = tuple(map(_character, range(256)))
