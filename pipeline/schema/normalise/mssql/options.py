"""The options of a comparison, by RedGate's names in kebab case, and the presets.

Names and RedGate's defaults: documentation.red-gate.com, SQL Compare, "Setting project options",
and Flyway's "Redgate Compare" namespaces. DacFx's: learn.microsoft.com, "SqlPackage publish".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from pipeline.errors import BadCall
from pipeline.schema.normalise.mssql.known_options import KNOWN as KNOWN
from pipeline.schema.normalise.mssql.known_options import OPPOSITES, OTHER_NAMES, kebab

VERSIONS = (2008, 2012, 2014, 2016, 2017, 2019, 2022, 2025)
EDITIONS = ("enterprise", "standard", "express", "azure")


def _hiding(names: Iterable[str]) -> frozenset[str]:
    return frozenset(f"ignore-{name}" for name in names)


PRESETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "redgate": _hiding(
            (
                "database-and-server-name-in-synonyms",
                "filegroups-partition-schemes-and-partition-functions",
                "fill-factor-and-index-padding",
                "user-properties",
                "white-space",
                "with-element-order",
            )
        ),
        "dacfx": _hiding(
            (
                "filegroups-partition-schemes-and-partition-functions",
                "fill-factor-and-index-padding",
                "keyword-case",
                "semicolons",
                "set-quoted-identifier-and-ansi-nulls",
                "white-space",
            )
        )
        | {"keep-what-only-target-has", "no-transaction"},
        "strict": frozenset(),
    }
)
"""The options of a preset. RedGate's is the default."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options in force, and the server that the script is for."""

    names: frozenset[str] = PRESETS["redgate"]
    target_version: int = 2022
    edition: str = "enterprise"

    def has(self, name: str) -> bool:
        """Whether an option is on."""
        return name in self.names


def options_of(
    preset: str = "redgate",
    changes: Sequence[str] = (),
    target_version: int = 2022,
    edition: str = "enterprise",
) -> Options:
    """Give the options of a preset with some switched on, and those that say `no-NAME` off.

    A name may be RedGate's or DacFx's (`IgnoreWhiteSpace`) too, the word `ignore-` may be left
    out, `-NAME` switches off as well, and one text may have several names with commas between.
    BadCall names what is not known, and what is near it.
    """
    names = set(_one_of(preset, PRESETS, "--preset", PRESETS))
    for change in ",".join(changes).split(","):
        if change.strip():
            name, off = _known(change.strip())
            (names.discard if off else names.add)(name)
    if target_version not in VERSIONS:
        known = ", ".join(map(str, VERSIONS))
        raise BadCall(
            f"{target_version} is no version that is known",
            where="--target-version",
            advice=f"there are: {known}",
        )
    _one_of(edition, dict.fromkeys(EDITIONS, frozenset[str]()), "--edition", EDITIONS)
    return Options(frozenset(names), target_version, edition)


def _known(change: str) -> tuple[str, bool]:
    """Give (option, whether it is to be switched off)."""
    minus = change.startswith("-")
    text = kebab(change.lstrip("-"))
    for word, off in ((text, False), (text.removeprefix("no-"), True)):
        for name in (word, f"ignore-{word}") if not off or word != text else ():
            if name in OPPOSITES:
                return OPPOSITES[name], off == minus
            found = OTHER_NAMES.get(name, name)
            if found in KNOWN:
                return found, off != minus
    plain = {_plain(name): name for name in (*OTHER_NAMES, *OPPOSITES, *KNOWN)}
    near = get_close_matches(_plain(text), plain, 1, 0.5)
    advice = (
        f"did you mean {plain[near[0]]}?" if near else f"there are: {', '.join(sorted(KNOWN))}"
    )
    raise BadCall(f"there is no option {change!r}", where="--ignore", advice=advice)


def _plain(name: str) -> str:
    return name.removeprefix("no-").removeprefix("ignore-")


def _one_of(
    name: str, known: Mapping[str, frozenset[str]], where: str, names: Iterable[str]
) -> frozenset[str]:
    if name not in known:
        raise BadCall(
            f"{name!r} is not known", where=where, advice=f"there are: {', '.join(names)}"
        )
    return known[name]
