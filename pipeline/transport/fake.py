"""A host made of dictionaries, for tests and for rehearsal, under the contract of `Transport`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath, PurePosixPath

from pipeline.command import Command, Outcome
from pipeline.errors import Failed, Unreachable
from pipeline.facts.answer import FileFact, Tree, sha256
from pipeline.transport.owners import mode_of
from pipeline.transport.patterns import Patterns
from pipeline.transport.process import NOT_FOUND


@dataclass(frozen=True, slots=True)
class FakeFile:
    """One file of a fake host."""

    content: bytes
    mode: int = 0o644
    owner: str = ""

    def fact(self, *, contents: bool) -> FileFact:
        """What a tree says about it."""
        fact = FileFact(len(self.content), sha256(self.content), self.mode, self.owner)
        try:
            return replace(fact, text=self.content.decode()) if contents else fact
        except UnicodeDecodeError:
            return fact


def nothing_installed(command: Command) -> Outcome:
    """The answer of a host without programs."""
    return Outcome(NOT_FOUND, err=f"{command.argv[0]}: not found")


@dataclass(slots=True)
class FakeTransport:
    """Files by path, folders, and what every command is answered; `sent` keeps the commands.

    `answer` is a function of the command, or outcomes by command line (others are not found).
    When `broken` holds a reason, every call raises `Unreachable` with it. Secrets stay references.
    """

    files: dict[str, FakeFile] = field(default_factory=dict)
    folders: dict[str, tuple[int, str]] = field(default_factory=dict)
    answer: Callable[[Command], Outcome] | Mapping[str, Outcome] = nothing_installed
    sent: list[Command] = field(default_factory=list)
    broken: str = ""
    kind: type[PurePath] = PurePosixPath

    def run(self, command: Command) -> Outcome:
        """The prepared answer."""
        self._reach()
        self.sent.append(command)
        if isinstance(self.answer, Mapping):
            return self.answer.get(str(command)) or nothing_installed(command)
        return self.answer(command)

    def read(self, path: str) -> bytes | None:
        """A file's content; None when there is none."""
        self._reach()
        if self._is_folder(path):
            raise Failed("is a directory", where=path)
        found = self.files.get(self._key(path))
        return found.content if found else None

    def write(self, path: str, content: bytes, *, mode: int = 0o644, owner: str = "") -> None:
        """Replace a file; its folder must be there."""
        self._reach()
        self._need_parent(path)
        if self._is_folder(path):
            raise Failed("is a directory", where=path)
        self.files[self._key(path)] = FakeFile(content, mode, owner)

    def create(self, path: str, content: bytes) -> bool:
        """Make a file that must not exist yet."""
        if self.exists(path):
            return False
        self.write(path, content)
        return True

    def tree(self, path: str, patterns: tuple[str, ...], *, contents: bool = False) -> Tree:
        """The files below a folder that match one of the globs."""
        if not self.exists(path):
            return Tree(exists=False)
        if not self._is_folder(path):
            raise Failed("not a directory", where=path)
        wanted = Patterns.of(patterns)
        found = {name: file for name, file in self._below(path) if wanted.match(name)}
        return Tree({name: found[name].fact(contents=contents) for name in sorted(found)})

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there."""
        self._reach()
        return self._key(path) in self.files or self._is_folder(path)

    def make_folder(self, path: str, *, mode: int = 0o755, owner: str = "") -> None:
        """Make a folder and those above it."""
        self._reach()
        for above in (self.kind(path), *self.kind(path).parents):
            if str(above) in self.files:
                raise Failed("file exists", where=str(above))
        for above in self.kind(path).parents:
            self.folders.setdefault(str(above), (0o755, ""))
        self.folders[self._key(path)] = (mode, owner)

    def push(self, folder: Path, path: str) -> None:
        """Copy a local folder to `path`."""
        self._reach()
        self._need_parent(path)
        if not folder.is_dir():
            raise Failed("no such file or directory", where=path)
        self.remove(path)
        self.make_folder(path)
        for file in sorted(folder.rglob("*")):
            there = str(self.kind(path, *file.relative_to(folder).parts))
            if file.is_dir():
                self.make_folder(there)
            else:
                self.files[there] = FakeFile(file.read_bytes(), mode_of(file.stat()))

    def merge(self, source: str, path: str) -> None:
        """Copy the files of a folder into another that may have more."""
        self._reach()
        if not self._is_folder(source):
            raise Failed("no such file or directory", where=path)
        self._need_parent(path)
        for name, file in list(self._below(source)):
            there = self.kind(path, *name.split("/"))
            self.make_folder(str(there.parent))
            self.files[str(there)] = file

    def remove(self, path: str) -> None:
        """Remove a file or a folder with all in it."""
        self._reach()
        for here in [key for key in self.files if self._is_in(key, path)]:
            del self.files[here]
        for here in [key for key in self.folders if self._is_in(key, path)]:
            del self.folders[here]

    def _reach(self) -> None:
        if self.broken:
            raise Unreachable(self.broken)

    def _key(self, path: str) -> str:
        return str(self.kind(path))

    def _is_in(self, path: str, folder: str) -> bool:
        return self.kind(path).is_relative_to(self.kind(folder))

    def _is_folder(self, path: str) -> bool:
        """A folder was made, or there is a file or folder in it."""
        key = self._key(path)
        if key in self.files:
            return False
        return any(self._is_in(name, path) for name in (*self.folders, *self.files))

    def _need_parent(self, path: str) -> None:
        parent = self.kind(path).parent
        if parent != self.kind(parent.anchor) and not self._is_folder(str(parent)):
            raise Failed(
                "no such file or directory", where=path, advice="the folder must be there first"
            )

    def _below(self, folder: str) -> Iterator[tuple[str, FakeFile]]:
        for path, file in self.files.items():
            if self._is_in(path, folder):
                yield self.kind(path).relative_to(self.kind(folder)).as_posix(), file
