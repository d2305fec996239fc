"""A secret by reference, and the word it stands for. Neither can be printed by accident."""

from dataclasses import dataclass, field

KINDS = ("env", "keyring", "file")


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is kept: `env:NAME`, `keyring:SERVICE/USER` or `file:PATH`. Safe to show."""

    reference: str

    def __post_init__(self) -> None:
        kind, colon, rest = self.reference.partition(":")
        if kind not in KINDS or not colon or not rest:
            raise ValueError("expected env:NAME, keyring:SERVICE/USER or file:PATH")

    @property
    def kind(self) -> str:
        """`env`, `keyring` or `file`."""
        return self.reference.partition(":")[0]

    @property
    def rest(self) -> str:
        """What follows the kind: a variable, a service and user, or a path."""
        return self.reference.partition(":")[2]

    def __str__(self) -> str:
        return self.reference


@dataclass(frozen=True, slots=True)
class Secret:
    """The word itself: it can be sent, and shows itself as `***`."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "***"
