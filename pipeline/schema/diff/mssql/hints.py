"""Which hints of one name space are still to be done, which were, and which cannot be."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipeline.schema.model.mssql.names import fold

N = TypeVar("N", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Hint(Generic[N]):
    """What is `new` in the source was `old`. `where` is its place."""

    new: N
    old: N
    where: str


class Resolver(Generic[N]):
    """Decides which hints of one name space are still to be done."""

    def __init__(
        self,
        hints: Iterable[Hint[N]],
        source: Iterable[N],
        target: Iterable[N],
        words: Callable[[N], str],
        alike: Callable[[N, N], bool],
        dropped: Iterable[str],
    ) -> None:
        self.hints = list(dict.fromkeys(hint for hint in hints if hint.new != hint.old))
        self.source, self.target = frozenset(source), frozenset(target)
        self.words, self.alike = words, alike
        self.dropped = frozenset(map(fold, dropped))
        self.by_old: dict[N, list[Hint[N]]] = defaultdict(list)
        for hint in self.hints:
            self.by_old[hint.old].append(hint)
        self.by_new = {hint.new: hint for hint in self.hints}
        self.decided: dict[Hint[N], bool] = {}

    def resolve(self, problems: list[str], notes: list[str]) -> dict[N, N]:
        """Give (new, old) of those to be done; what is wrong goes to `problems`."""
        found: dict[N, N] = {}
        taken: dict[N, Hint[N]] = {}
        for hint in self.hints:
            if hint.new not in self.source or not self._applies(hint):
                self._say(hint, problems, notes)
                continue
            if hint.new in found and found[hint.new] != hint.old:
                both = f"{self.words(found[hint.new])} and {self.words(hint.old)}"
                problems.append(
                    f"{hint.where}: {both} are both in the target: "
                    f"only one of them can be renamed to {self.words(hint.new)}"
                )
            elif hint.old in taken:
                both = f"{self.words(taken[hint.old].new)} and {self.words(hint.new)}"
                problems.append(
                    f"{hint.where}: {self.words(hint.old)} cannot be renamed to both {both}"
                )
            else:
                found[hint.new], taken[hint.old] = hint.old, hint
        return found

    def _applies(self, hint: Hint[N], way: tuple[Hint[N], ...] = ()) -> bool:
        """The old name is in the target, and the new one is not, or goes away itself."""
        if hint in self.decided:
            return self.decided[hint]
        if hint in way:
            return self._swaps(way[way.index(hint) :])
        if hint.old not in self.target or hint.new not in self.source:
            found = False
        elif hint.new not in self.target:
            found = True
        else:
            found = any(
                self._applies(other, (*way, hint)) for other in self.by_old.get(hint.new, ())
            )
        self.decided[hint] = found
        return found

    def _swaps(self, circle: tuple[Hint[N], ...]) -> bool:
        """Whether names that are exchanged in a circle are still to be: their shapes tell."""
        if all(self.alike(hint.new, hint.new) for hint in circle):
            return False
        return all(self.alike(hint.new, hint.old) for hint in circle)

    def _say(self, hint: Hint[N], problems: list[str], notes: list[str]) -> None:
        """Say why a hint is not done, unless it was done before."""
        old, new = self.words(hint.old), self.words(hint.new)
        if hint.new not in self.source:
            notes.append(f"{hint.where}: @renamed speaks of {new}, which is not there")
        elif hint.old not in self.target:
            if hint.new not in self.target and not self._has_another(hint):
                notes.append(
                    f"{hint.where}: neither {old} nor {new} is in the target: {new} is made new"
                )
        elif hint.old not in self.source and fold(old) not in self.dropped:
            problems.append(
                f"{hint.where}: both {old} and {new} are in the target: "
                f"{old} cannot be renamed to {new}"
            )
        elif self._in_circle(hint) and not self.alike(hint.new, hint.new):
            problems.append(
                f"{hint.where}: {old} and {new} are to exchange their names, but they have "
                "changed too: whether it is done already cannot be told"
            )

    def _has_another(self, hint: Hint[N]) -> bool:
        """Whether another hint for the same thing finds its old name: names have a history."""
        return any(each.new == hint.new and each.old in self.target for each in self.hints)

    def _in_circle(self, hint: Hint[N]) -> bool:
        seen, place = {hint.new}, hint.old
        for _ in self.hints:
            before = self.by_new.get(place)
            if before is None:
                return False
            if before.old in seen or before.old == hint.new:
                return True
            seen.add(place)
            place = before.old
        return False
