"""`{name}` in the words of a hook: which names there are where, and how they are filled in.

`{{name}}` stands for `{name}` itself. All other braces are what they are: JSON needs no care.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

_PLACEHOLDER = re.compile(r"\{\{([a-z_]+)\}\}|\{([a-z_]+)\}")

ANYWHERE = ("kind", "environment", "release", "changeset", "url")
OF_A_HOST = ("host", "root")
OF_THE_RELEASE = ("code", "python")  # on a host, once the release is there
OF_AN_INSTANCE = ("instance", "port")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder replaced, once: a value is not looked through again."""

    def value(found: re.Match[str]) -> str:
        escaped, name = found.groups()
        return f"{{{escaped}}}" if escaped else values[name]

    return _PLACEHOLDER.sub(value, text)


def unknown(texts: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """The placeholders in texts that stand for nothing here."""
    known = set(known)
    for text in texts:
        for _, name in _PLACEHOLDER.findall(text):
            if name and name not in known:
                yield name
