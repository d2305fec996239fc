"""Statements that make nothing: where they end, and which of them speak of rows.

T-SQL needs no semicolons, so a statement ends where the next one can begin.
"""

from pipeline.schema.syntax.mssql.cursor import Cursor

ROWS = frozenset(
    {"BULK", "DELETE", "INSERT", "MERGE", "READTEXT", "SELECT", "TRUNCATE", "UPDATE"}
    | {"UPDATETEXT", "WITH", "WRITETEXT"}
)
"""First words of statements about rows. They are skipped, and counted."""
PASSED = frozenset(
    {"BACKUP", "CHECKPOINT", "CLOSE", "COMMIT", "DBCC", "DEALLOCATE", "DECLARE", "FETCH", "GOTO"}
    | {"KILL", "OPEN", "PRINT", "RAISERROR", "RECONFIGURE", "RESTORE", "RETURN", "REVERT"}
    | {"ROLLBACK", "SAVE", "SETUSER", "SHUTDOWN", "THROW", "WAITFOR", "BREAK", "CONTINUE"}
)
"""First words of statements that a schema does not depend on."""
STARTS = (
    ROWS
    | PASSED
    | {"ALTER", "BEGIN", "CREATE", "DENY", "DISABLE", "DROP", "ELSE", "ENABLE", "END", "EXEC"}
    | {"EXECUTE", "GRANT", "IF", "REVOKE", "SET", "USE", "WHILE", "SEND", "RECEIVE", "GET"}
) - {"WITH", "GET"}
_JOINS = frozenset({"ALL", "EXCEPT", "INTERSECT", "UNION"})
_OWN: dict[str, frozenset[str]] = {
    "BULK": frozenset({"INSERT"}),
    "INSERT": frozenset({"SELECT", "EXEC", "EXECUTE"}),
    "DECLARE": frozenset({"SELECT"}),
    "UPDATE": frozenset({"SET"}),
    "WITH": frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"}),
    "SEND": frozenset(),
    "BACKUP": frozenset(),
}
"""What may stand once inside a statement although it can begin one."""


def skip_statement(cursor: Cursor) -> str:
    """Move past a statement whatever it says, and give its first word."""
    first = cursor.word
    words, place, end = cursor.words, cursor.position + 1, cursor.end
    own = set(_OWN.get(first, ()))
    merging = first == "MERGE"
    depth = cases = 0
    while place < end:
        word = words[place]
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        elif depth <= 0:
            if word == ";":
                break
            if word == "CASE":
                cases += 1
            elif word == "END" and cases:
                cases -= 1
            elif word in STARTS and not merging:
                if word in own:
                    own.discard(word)
                    own |= _OWN.get(word, frozenset())
                    merging = word == "MERGE"
                elif not _continues(words[place - 1], word, words[place + 1]):
                    break
        place += 1
    cursor.position = place
    return first


def _continues(before: str, word: str, after: str) -> bool:
    """Whether a word that can begin a statement does not do so here."""
    if before in {".", "@", "AS", ","} or after == ".":
        return True
    if word == "SELECT":
        return before in _JOINS
    if word in {"UPDATE", "DELETE"}:
        return before in {"FOR", "ON"}
    return (word, before) in {("OPEN", "CURSOR"), ("CLOSE", "AND")}


def skip_condition(cursor: Cursor) -> None:
    """Move past the condition of IF or WHILE: to where a statement begins."""
    words, place, end = cursor.words, cursor.position, cursor.end
    depth = 0
    while place < end:
        word = words[place]
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        elif depth == 0 and (word in STARTS or word == "WITH") and words[place - 1] != ".":
            break
        place += 1
    if place >= end:
        cursor.fail("this condition has no statement")
    cursor.position = place
