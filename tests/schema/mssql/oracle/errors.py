"""What the oracle says when it stops."""


class Refused(Exception):
    """What a real server would refuse, with its error number where that is known (0 elsewhere)."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number
        self.message = message
        self.batch = 0
        self.statement = ""

    def __str__(self) -> str:
        place = f" [batch {self.batch}: {self.statement}]" if self.statement else ""
        return f"Msg {self.number}: {self.message}{place}"


class Unknown(Exception):
    """A statement or a clause that the oracle does not know: never passed over in silence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.batch = 0
        self.statement = ""

    def __str__(self) -> str:
        place = f" [batch {self.batch}: {self.statement}]" if self.statement else ""
        return f"{self.message}{place}"
