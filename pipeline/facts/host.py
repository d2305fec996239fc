"""What one host looks like: all that a plan may depend on, and what moves by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.facts.answer import FileFact, ServiceState, Tree
from pipeline.facts.question import ListTree
from pipeline.facts.record import Record, Running, newest

CURRENT = "current"  # a secret file as it should be

# Small texts that decide what runs; they are asked for with their contents.
TEXTS = (
    "instances/*/conf/*",
    "instances/*/wsgi/*",
    "instances/*/current.json",
    "balancer/conf/*",
    "balancer/current.json",
    "records/*.json",
)
# Traces of what a step has finished; their presence or hash is enough.
MARKS = (
    "releases/*/manifest.json",
    "releases/*/static.published",
    "releases/*/bytecode.compiled",
    "venvs/*/complete",
)


def questions(root: str) -> tuple[ListTree, ListTree]:
    """What is asked of a host's files: texts and marks."""
    return ListTree(root, TEXTS, contents=True), ListTree(root, MARKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts:
    """One host, as found. Paths are relative to its root, with forward slashes.

    `closed` is the folder, at or above the root, that the site's user may not enter, if any.
    `secrets`: instance -> CURRENT when its secret file says what the references say now, "" when
    there is none, else an HMAC of it under the host's own key.
    """

    name: str
    closed: str = ""
    user_exists: bool = True
    folders: frozenset[str] = frozenset()
    texts: Mapping[str, FileFact] = field(default_factory=dict)
    marks: Mapping[str, FileFact] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, ServiceState] = field(default_factory=dict)

    def text(self, path: str) -> str | None:
        """The text of a small file; None when there is none."""
        found = self.texts.get(path)
        return found.text if found else None

    @property
    def releases(self) -> dict[str, str]:
        """The releases that are here whole: id -> digest of the manifest."""
        return {
            path.split("/")[1]: fact.sha256
            for path, fact in self.marks.items()
            if path.endswith("/manifest.json")
        }

    @property
    def venvs(self) -> frozenset[str]:
        """The keys of the virtualenvs that are complete."""
        return frozenset(path.split("/")[1] for path in self.marks if path.startswith("venvs/"))

    def marked(self, release: str, mark: str) -> bool:
        """Whether a release here carries a mark, such as `static.published`."""
        return f"releases/{release}/{mark}" in self.marks

    @property
    def records(self) -> dict[int, Record]:
        """The records by number. Raises CheckFailed when one is damaged."""
        read = (
            Record.from_json(fact.text or "", where=f"{self.name}: {path}")
            for path, fact in self.texts.items()
            if path.startswith("records/")
        )
        return {record.number: record for record in read}

    @property
    def record(self) -> Record | None:
        """The newest record: what this host runs since its last finished deploy."""
        return newest(self.records.values())

    def running(self, instance: str) -> Running | None:
        """What an instance was last switched to."""
        return self.current(f"instances/{instance}")

    def current(self, folder: str) -> Running | None:
        """What the `current.json` of a folder says: of an instance, or of the balancer."""
        text = self.text(f"{folder}/current.json")
        return Running.from_json(text) if text else None

    def below(self, folder: str) -> dict[str, FileFact]:
        """The small files below a folder, by path."""
        return {path: fact for path, fact in self.texts.items() if path.startswith(f"{folder}/")}

    @property
    def instances(self) -> tuple[str, ...]:
        """The instances that have files here, wanted or not, sorted."""
        found = {path.split("/")[1] for path in self.texts if path.startswith("instances/")}
        return tuple(sorted(found))

    def service(self, name: str) -> ServiceState:
        """The state of a service; one that nobody asked about does not run."""
        return self.services.get(name, ServiceState(running=False))


@dataclass(frozen=True, slots=True)
class UnreachableHost:
    """A host that did not answer, and why: a fact too."""

    name: str
    because: str


def of_trees(texts: Tree, marks: Tree) -> tuple[Mapping[str, FileFact], Mapping[str, FileFact]]:
    """The answers to `questions`, without editors' backups and half-written files."""

    def clean(tree: Tree) -> dict[str, FileFact]:
        return {
            path: fact
            for path, fact in tree.files.items()
            if not path.rsplit("/", 1)[-1].startswith(".")
        }

    return clean(texts), clean(marks)
