"""The code as the checks see it: its modules by name, and what each of them imports."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "pipeline"
DYNAMIC = ("import_module", "__import__")


@dataclass(frozen=True, slots=True)
class Import:
    """`import module`, or `from module import name`, wherever in the file it stands."""

    module: str
    name: str
    line: int

    @property
    def words(self) -> str:
        """The import as one dotted name."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class Module:
    """One file: its dotted name (a package's own file has the package's name) and its text."""

    name: str
    text: str
    package: bool = False
    tree: ast.Module = field(init=False, repr=False)
    imports: tuple[Import, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", ast.parse(self.text))
        object.__setattr__(self, "imports", tuple(_imports(self)))


@dataclass(frozen=True, slots=True)
class Code:
    """Modules by name."""

    modules: Mapping[str, Module]

    def target(self, found: Import) -> str | None:
        """The module of ours that an import loads; None for a foreign one."""
        return next((name for name in (found.words, found.module) if name in self.modules), None)

    def uses(self, name: str) -> Iterator[tuple[Import, str]]:
        """Each import of a module of ours, with that module. Not the packages above it."""
        for found in self.modules[name].imports:
            target = self.target(found)
            if target is not None and target != name:
                yield found, target

    def chains(self, name: str) -> dict[str, tuple[str, ...]]:
        """Every module that runs when `name` is imported, and the shortest way to it."""
        found: dict[str, tuple[str, ...]] = {name: (name,)}
        queue = [name]
        while queue:
            here = queue.pop(0)
            used = (target for _, target in self.uses(here))
            for target in (*self._above(here), *used):
                if target not in found:
                    found[target] = (*found[here], target)
                    queue.append(target)
        return found

    def _above(self, name: str) -> Iterator[str]:
        parts = name.split(".")
        above = (".".join(parts[:depth]) for depth in range(1, len(parts)))
        return (package for package in above if package in self.modules)


def of_texts(texts: Mapping[str, str]) -> Code:
    """Code from texts by path, such as `pipeline/plan/step.py`."""
    return Code({module.name: module for module in map(_module, texts, texts.values())})


def of_folder(root: Path, package: str = PACKAGE) -> Code:
    """The package that lies below `root`."""
    paths = sorted(root.glob(f"{package}/**/*.py"))
    return of_texts({p.relative_to(root).as_posix(): p.read_text(encoding="utf-8") for p in paths})


def _module(path: str, text: str) -> Module:
    parts = path.removesuffix(".py").split("/")
    package = parts[-1] == "__init__"
    return Module(".".join(parts[:-1] if package else parts), text, package)


def _imports(module: Module) -> Iterator[Import]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (Import(alias.name, "", node.lineno) for alias in names)
            case ast.ImportFrom(names=names):
                source = _absolute(module, node)
                yield from (Import(source, alias.name, node.lineno) for alias in names)
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[first, *_]):
                if called in DYNAMIC and isinstance(first, ast.Constant):
                    yield Import(str(first.value), "", node.lineno)
            case _:
                pass


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    base = parts[: len(parts) - node.level + module.package]
    return ".".join((*base, *filter(None, [node.module])))
