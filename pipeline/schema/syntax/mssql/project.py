"""What stands beside scripts: projects of SQL Server Data Tools, and RedGate's information."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from pipeline.errors import BadSchema
from pipeline.schema.syntax.mssql.script_paths import folder_of, joined

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DEPLOYED = frozenset({"PreDeploy", "PostDeploy"})


class Information(NamedTuple):
    """What RedGateDatabaseInfo.xml says: `data` is the folded path of the folder with rows."""

    collation: str = ""
    default_schema: str = ""
    data: str = ""


class Project(NamedTuple):
    """A `.sqlproj`. All paths are those from the top folder, in lower case.

    `built` are the only scripts that it builds, None where it builds all that stand below its
    folder; `named` has them as the project writes them. `deployed` scripts run before or after
    a deployment, `unused` ones not at all.
    """

    path: str
    built: frozenset[str] | None
    named: tuple[str, ...]
    deployed: frozenset[str]
    unused: frozenset[str]
    logs: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]
    collation: str
    default_schema: str

    @property
    def folder(self) -> str:
        """The folder that it stands in, in lower case and with a `/` at its end; '' at the top."""
        folder = folder_of(self.path).lower()
        return f"{folder}/" if folder else ""

    def leaves_out(self, path: str) -> bool:
        """Whether a script below its folder is none of those that it builds."""
        if path in self.deployed or path in self.unused:
            return True
        return self.built is not None and path not in self.built


def read_xml(path: str, text: str) -> Element:
    """Give the root of an XML file. BadSchema if it is none, or defines entities."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadSchema("a file of this kind has no DOCTYPE", where=path, advice="take it out")
    try:
        return fromstring(_DECLARATION.sub("", text))  # noqa: S314  entities are refused above
    except ParseError as error:
        raise BadSchema(f"this is no XML: {error}", where=path) from None


def read_information(path: str, text: str) -> Information:
    """Give what RedGate's file says of a database."""
    root = read_xml(path, text)
    said = {tag(each): (each.text or "").strip() for each in root}
    data = ""
    for each in root.iter():
        if tag(each) == "Prefixes":
            data = next((e.text or "" for e in each if tag(e) == "Data"), "")
    return Information(
        said.get("DefaultCollation", ""),
        said.get("DefaultSchema", ""),
        data.strip().replace("\\", "/").strip("/").lower(),
    )


def read_project(path: str, text: str, paths: Iterable[str]) -> Project:
    """Give what a project builds of these paths."""
    root = read_xml(path, text)
    folder = folder_of(path)
    below = [each for each in paths if each.lower().endswith(".sql")]
    named: list[str] = []
    removed: set[str] = set()
    deployed: set[str] = set()
    unused: set[str] = set()
    logs: list[str] = []
    variables: dict[str, str] = {}
    for each in root.iter():
        what = tag(each)
        included = list(_expanded(folder, each.get("Include", ""), below))
        if what == "Build":
            named += included
            removed |= {p.lower() for p in _expanded(folder, each.get("Remove", ""), below)}
        elif what in _DEPLOYED:
            deployed |= {p.lower() for p in included}
        elif what == "None":
            unused |= {p.lower() for p in included}
        elif what == "RefactorLog":
            logs += included
        elif what == "SqlCmdVariable":
            variables[each.get("Include", "")] = _default(each)
    modern = bool(root.get("Sdk")) or any(tag(each) == "Sdk" for each in root)
    named = [each for each in named if each.lower() not in removed]
    return Project(
        path,
        None if modern or not named else frozenset(each.lower() for each in named),
        tuple(named),
        frozenset(deployed),
        frozenset((unused | removed) - {each.lower() for each in named}),
        tuple(logs),
        tuple(each for each in variables.items() if all(each)),
        _property(root, "DefaultCollation"),
        _property(root, "DefaultSchema"),
    )


def tag(element: Element) -> str:
    """Give an element's name without its name space."""
    return element.tag.rpartition("}")[2]


def _default(variable: Element) -> str:
    return next((e.text or "" for e in variable if tag(e) == "DefaultValue"), "").strip()


def _property(root: Element, name: str) -> str:
    return next(((e.text or "").strip() for e in root.iter() if tag(e) == name), "")


def _expanded(folder: str, said: str, paths: Iterable[str]) -> Iterator[str]:
    """Give the paths that `a\\b.sql;c\\**\\*.sql` means."""
    for each in said.split(";"):
        wanted = each.strip()
        if not wanted:
            continue
        path = joined(folder, wanted)
        if "*" in wanted or "?" in wanted:
            pattern = _pattern(path)
            yield from (found for found in paths if pattern.fullmatch(found))
        else:
            yield path


def _pattern(path: str) -> re.Pattern[str]:
    """Give the pattern of a path with `*`, `?` and `**`, which goes through folders."""
    said = re.escape(path).replace(r"\?", "[^/]")
    said = said.replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    return re.compile(said, re.IGNORECASE)
