"""Random expressions, and two spellings of each: as people write them, and as the server does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

ADD, MULTIPLY, ATOM = 5, 6, 9
_LEVELS = {"+": ADD, "-": ADD, "*": MULTIPLY, "%": MULTIPLY}


@dataclass(frozen=True)
class Tree:
    """`kind`, the leaf or operator in `word`, and what stands below."""

    kind: str
    word: str = ""
    below: tuple["Tree", ...] = ()
    opposite: bool = False


COLUMNS = ("a", "b", "c")
columns = st.sampled_from(COLUMNS).map(lambda name: Tree("column", name))
numbers = st.integers(-3, 3).map(lambda value: Tree("number", str(value)))


def _values(deeper: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    pairs = st.tuples(deeper, deeper)
    predicates = st.deferred(lambda: comparisons)
    return st.one_of(
        st.builds(Tree, st.just("operator"), st.sampled_from("+-*"), pairs),
        st.builds(Tree, st.just("coalesce"), below=pairs),
        st.builds(Tree, st.just("nullif"), below=pairs),
        st.builds(Tree, st.just("iif"), below=st.tuples(predicates, deeper, deeper)),
        st.builds(Tree, st.just("case"), below=st.tuples(deeper, deeper, deeper)),
        st.builds(Tree, st.just("cast"), below=st.tuples(deeper)),
    )


values = st.recursive(columns | numbers, _values, max_leaves=5)
leaves = columns | numbers
comparisons = st.one_of(
    st.builds(
        Tree,
        st.just("compare"),
        st.sampled_from(("=", "<>", "<", ">", "<=", ">=")),
        st.tuples(leaves, leaves),
    ),
    st.builds(Tree, st.just("null"), below=st.tuples(leaves), opposite=st.booleans()),
)
_simple = st.one_of(
    st.builds(
        Tree,
        st.just("compare"),
        st.sampled_from(("=", "<>", "<", ">", "<=", ">=")),
        st.tuples(values, values),
    ),
    st.builds(Tree, st.just("null"), below=st.tuples(values), opposite=st.booleans()),
    st.builds(
        Tree,
        st.just("in"),
        below=st.lists(leaves, min_size=2, max_size=4).map(tuple),
        opposite=st.booleans(),
    ),
    st.builds(
        Tree,
        st.just("between"),
        below=st.tuples(values, leaves, leaves),
        opposite=st.booleans(),
    ),
)


def _joined(deeper: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(deeper, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Tree, st.just("chain"), st.sampled_from(("AND", "OR")), several),
        st.builds(Tree, st.just("not"), below=st.tuples(deeper)),
    )


predicates = st.recursive(_simple, _joined, max_leaves=5)


def as_people_write(tree: Tree, *, capitals: bool = False) -> str:
    """Few parentheses, no brackets."""
    text = _People().text(tree)[0]
    return text.upper() if capitals else text


def as_the_server_does(tree: Tree) -> str:
    """In parentheses, with brackets, without the words that the server rewrites."""
    return f"({_Server().text(tree)[0]})"


class _Spelling:
    """Gives the text of a tree and how strongly it binds."""

    def column(self, name: str) -> str:
        return name

    def number(self, text: str) -> tuple[str, int]:
        return text, ADD if text.startswith("-") else ATOM

    def text(self, tree: Tree) -> tuple[str, int]:
        match tree.kind:
            case "column":
                return self.column(tree.word), ATOM
            case "number":
                return self.number(tree.word)
            case "operator":
                level = _LEVELS[tree.word]
                left, right = tree.below
                return f"{self.at(left, level)}{tree.word} {self.at(right, level + 1)}", level
            case "nullif":
                return f"nullif({self.list(tree.below)})", ATOM
            case "not":
                return f"not ({self.of(tree.below[0])})", 3
            case "compare":
                one, other = (self.at(each, ADD) for each in tree.below)
                return f"{one}{tree.word}{other}", 4
            case "null":
                word = "is not null" if tree.opposite else "is null"
                return f"{self.at(tree.below[0], ADD)} {word}", 4
            case "chain":
                level = {"AND": 2, "OR": 1}[tree.word]
                parts = (self.at(each, level + 1) for each in tree.below)
                return f" {tree.word} ".join(parts), level
            case _:
                found: tuple[str, int] = getattr(self, f"{tree.kind}_")(tree)
                return found

    def of(self, tree: Tree) -> str:
        return self.text(tree)[0]

    def at(self, tree: Tree, level: int) -> str:
        text, own = self.text(tree)
        return text if own >= level else f"({text})"

    def list(self, trees: tuple[Tree, ...]) -> str:
        return ", ".join(map(self.of, trees))


class _People(_Spelling):
    def coalesce_(self, tree: Tree) -> tuple[str, int]:
        return f"coalesce({self.list(tree.below)})", ATOM

    def iif_(self, tree: Tree) -> tuple[str, int]:
        return f"iif({self.list(tree.below)})", ATOM

    def case_(self, tree: Tree) -> tuple[str, int]:
        asked, when, then = map(self.of, tree.below)
        return f"case {asked} when {when} then {then} end", ATOM

    def cast_(self, tree: Tree) -> tuple[str, int]:
        return f"cast({self.of(tree.below[0])} as int)", ATOM

    def in_(self, tree: Tree) -> tuple[str, int]:
        word = "not in" if tree.opposite else "in"
        left, *right = tree.below
        return f"{self.at(left, ADD)} {word} ({self.list(tuple(right))})", 4

    def between_(self, tree: Tree) -> tuple[str, int]:
        word = "not between" if tree.opposite else "between"
        left, low, high = (self.at(each, ADD) for each in tree.below)
        return f"{left} {word} {low} and {high}", 4


class _Server(_Spelling):
    def column(self, name: str) -> str:
        return f"[{name.upper()}]"

    def number(self, text: str) -> tuple[str, int]:
        return f"({text})", ATOM

    def coalesce_(self, tree: Tree) -> tuple[str, int]:
        first, second = tree.below
        known = f"{self.at(first, ADD)} IS NOT NULL"
        return f"case when {known} then {self.of(first)} else {self.of(second)} end", ATOM

    def iif_(self, tree: Tree) -> tuple[str, int]:
        when, then, otherwise = map(self.of, tree.below)
        return f"case when {when} then {then} else {otherwise} end", ATOM

    def case_(self, tree: Tree) -> tuple[str, int]:
        asked, when, then = tree.below
        said = f"case when {self.at(asked, ADD)}={self.at(when, ADD)} then {self.of(then)}"
        return f"{said} else NULL end", ATOM

    def cast_(self, tree: Tree) -> tuple[str, int]:
        return f"CONVERT([int],{self.of(tree.below[0])},(0))", ATOM

    def in_(self, tree: Tree) -> tuple[str, int]:
        left, *right = tree.below
        said = [f"{self.at(left, ADD)}={self.at(each, ADD)}" for each in reversed(right)]
        text = " OR ".join(said)
        if tree.opposite:
            return f"NOT ({text})", 3
        return text, 1 if len(said) > 1 else 4

    def between_(self, tree: Tree) -> tuple[str, int]:
        left, low, high = (self.at(each, ADD) for each in tree.below)
        if tree.opposite:
            return f"{left}<{low} OR {left}>{high}", 1
        return f"{left}>={low} AND {left}<={high}", 2


_OTHERS = {
    "+": "-",
    "-": "*",
    "*": "+",
    "=": "<",
    "<>": "=",
    "<": "<=",
    ">": "<",
    "<=": ">",
    ">=": "=",
    "AND": "OR",
    "OR": "AND",
}


def mutants(tree: Tree) -> Iterator[Tree]:
    """Every tree that differs in one leaf or one operator."""
    if tree.kind == "column":
        yield replace(tree, word="d")
    elif tree.kind == "number":
        yield replace(tree, word=str(int(tree.word) + 10))
    elif tree.word in _OTHERS:
        yield replace(tree, word=_OTHERS[tree.word])
    if tree.kind in {"null", "in", "between"}:
        yield replace(tree, opposite=not tree.opposite)
    if tree.kind == "not":
        yield tree.below[0]
    for place, each in enumerate(tree.below):
        for other in mutants(each):
            yield replace(tree, below=(*tree.below[:place], other, *tree.below[place + 1 :]))
