"""The statements of a procedure, read just far enough to know which of them give rows."""

from collections.abc import Sequence

from pipeline.schema.normalise.mssql.keywords import LEADING, RESERVED, word_set
from pipeline.schema.normalise.mssql.select_list import Assigned, NotKnown, select_columns
from pipeline.schema.syntax.mssql.tokens import Script

Results = tuple[tuple[str, ...], ...]
_SILENT = word_set(
    """
    ALTER BREAK CHECKPOINT CLOSE COMMIT CONTINUE CREATE DEALLOCATE DECLARE DROP OPEN PRINT
    RAISERROR RETURN REVERT ROLLBACK SAVE SET TRUNCATE WAITFOR BULK USE
    """
)
_WRITING = frozenset({"DELETE", "INSERT", "MERGE", "UPDATE"})
_OF_SETS = frozenset({"ALL", "EXCEPT", "INTERSECT", "UNION"})
_EXISTING = word_set(
    """
    COLUMN CONSTRAINT FUNCTION INDEX PROC PROCEDURE SCHEMA SEQUENCE SYNONYM TABLE TRIGGER TYPE
    USER VIEW
    """
)


class Statements:
    """Tokens of a body. NotKnown where the text alone does not tell."""

    def __init__(self, script: Script, first: int, end: int) -> None:
        self.script, self.words = script, script.words
        self.place, self.end = first, end

    def results(self) -> Results:
        """Give the columns of each result set of the whole body."""
        found: Results = ()
        while self.word:
            found += self.statement()
        return found

    @property
    def word(self) -> str:
        """The current word, '' at the end."""
        return self.words[self.place] if self.place < self.end else ""

    def ahead(self, distance: int = 1) -> str:
        """The word so many places on."""
        place = self.place + distance
        return self.words[place] if place < self.end else ""

    def statement(self) -> Results:
        """Read one statement, and give its result sets."""
        word = self.word
        if word == "BEGIN" and self.ahead() not in {"TRAN", "TRANSACTION", "DISTRIBUTED"}:
            return self._block()
        if word == "IF":
            return self._if()
        if word == "WHILE":
            return self._while()
        first = self.place
        if word == "SELECT":
            self._skip()
            return self._selected(first)
        if word == "WITH":
            self._skip_with()
            if self.word in _WRITING:
                self._write()
                return ()
            self._skip()
            return self._selected(first)
        if word in _WRITING:
            self._write()
            return ()
        if word == "FETCH":
            self._skip()
            if "INTO" not in self.words[first : self.place]:
                raise NotKnown
            return ()
        if word in {";", "END"} or word in _SILENT or word == "BEGIN" or self._is_throw():
            self._skip()
            return ()
        raise NotKnown

    def _is_throw(self) -> bool:
        return self.word == "THROW" and (
            self.ahead() in {";", "", "END"} or self.ahead()[:1] == "@" or self.ahead().isdigit()
        )

    def _selected(self, first: int) -> Results:
        try:
            return (select_columns(self.script, first, self.place),)
        except Assigned:
            return ()

    def _block(self) -> Results:
        self.place += 1
        kind = self.word if self.word in {"CATCH", "TRY"} else ""
        self.place += bool(kind)
        if self.word == "ATOMIC":
            self.place += 2
            self._parenthesis()
        found: Results = ()
        while self.word != "END" or (kind and self.ahead() != kind):
            if not self.word:
                raise NotKnown
            found += self.statement()
        self.place += 1 + bool(kind)
        if kind == "CATCH" and found:
            raise NotKnown
        return found

    def _if(self) -> Results:
        self.place += 1
        self._condition()
        then = self.statement()
        begun = self.place
        while self.word == ";":
            self.place += 1
        if self.word != "ELSE":
            self.place = begun
            if then:
                raise NotKnown
            return ()
        self.place += 1
        if self.statement() != then:
            raise NotKnown
        return then

    def _while(self) -> Results:
        self.place += 1
        self._condition()
        if self.statement():
            raise NotKnown
        return ()

    def _condition(self) -> None:
        """Move to the statement behind a condition."""
        cases = 0
        while self.word:
            word = self.word
            if word == "(":
                self._parenthesis()
                continue
            if word == "CASE":
                cases += 1
            elif cases:
                cases -= word == "END"
            elif word in LEADING or word == "THROW":
                return
            self.place += 1
        raise NotKnown

    def _parenthesis(self) -> None:
        depth = 0
        while self.word:
            depth += (self.word == "(") - (self.word == ")")
            self.place += 1
            if depth == 0:
                return
        raise NotKnown

    def _skip_with(self) -> None:
        """Move to the verb of a statement with common table expressions."""
        self.place += 1
        while self.word and self.word != "SELECT" and self.word not in _WRITING:
            if self.word == "(":
                self._parenthesis()
            else:
                self.place += 1

    def _skip(self) -> None:
        """Move behind a statement: to the first word that can only begin or end another one."""
        verb = self.word
        cases = 0
        self.place += 1
        while self.word:
            word = self.word
            if word == "(":
                self._parenthesis()
                continue
            if word == "CASE":
                cases += 1
            elif cases:
                cases -= word == "END"
            elif word == ";":
                self.place += 1
                return
            elif self._begins(verb):
                return
            self.place += 1

    def _begins(self, verb: str) -> bool:
        """Whether the current word begins another statement, and is none of this one's clauses."""
        word, before = self.word, self.words[self.place - 1]
        if word == "THROW":
            return self._is_throw() and before != "AS"
        if word not in LEADING:
            return _is_label(self.words, self.place)
        if word == "WITH":
            return self._begins_with()
        if word == "SELECT":
            return before not in _OF_SETS and not (before == "FOR" and verb in {"DECLARE", "SET"})
        if word == "IF":
            return before not in _EXISTING
        if word == "UPDATE" and before == "FOR":
            return False
        if word in {"SET", "DELETE", "UPDATE", "FETCH"} and before in {"ON", "NEXT", "ONLY"}:
            return False
        if word in {"SET", "ALTER", "DROP"} and verb == "ALTER":
            return False
        return not (word == "FETCH" and before in {"ROW", "ROWS"})

    def _begins_with(self) -> bool:
        """WITH begins a statement where a name and AS, or a name and columns, stand behind it."""
        behind = self.ahead(2)
        return self.ahead() != "(" and (
            behind == "AS" or (behind == "(" and self.ahead() not in RESERVED)
        )

    def _write(self) -> None:
        """Move behind INSERT, UPDATE, DELETE or MERGE, which give rows by OUTPUT without INTO."""
        verb, first = self.word, self.place
        if verb == "MERGE":
            while self.word and self.word != ";":
                self.place += 1
        elif verb == "INSERT":
            self._skip_insert()
        else:
            self._skip_up_to_set(verb)
        if _gives_rows(self.words, first, self.place):
            raise NotKnown

    def _skip_insert(self) -> None:
        """INSERT has one SELECT, EXEC or WITH hints of its own, unless it has VALUES."""
        self.place += 1
        while self.word and self.word not in {";", "VALUES", "SELECT", "EXEC", "EXECUTE"}:
            if self.word == "(":
                self._parenthesis()
            else:
                self.place += 1
        self._skip()

    def _skip_up_to_set(self, verb: str) -> None:
        """UPDATE has a SET of its own; DELETE has none."""
        while verb == "UPDATE" and self.word and self.word != "SET":
            if self.word == "(":
                self._parenthesis()
            else:
                self.place += 1
        self._skip()


def _is_label(words: Sequence[str], place: int) -> bool:
    return words[place + 1] == ":" and words[place - 1] != "GOTO"


def _gives_rows(words: Sequence[str], first: int, end: int) -> bool:
    depth = 0
    for place in range(first, end):
        depth += (words[place] == "(") - (words[place] == ")")
        if depth == 0 and words[place] == "OUTPUT" and words[place - 1] != ".":
            return "INTO" not in words[place:end]
    return False
