"""Every error that farmhand raises on purpose, and the exit code that each one ends with.

FarmhandError              exit 1
├── BadCall                exit 1   a mistake in the call: an unknown environment, no such revision
├── Failed                 exit 1   something was begun and did not succeed
│   ├── StepFailed                  a step of a plan failed; what succeeded is kept in the journal
│   ├── BuildFailed                 no release came of it; nothing of it is left
│   ├── LockLost                    somebody took our lease: nothing more is touched
│   ├── Interrupted                 somebody asked to stop: the rest can be resumed
│   └── Unreachable                 a host, a balancer or a database cannot be talked to
├── DifferencesFound       exit 2   asked for with --check, and there are some
└── Refused                exit 3   found before the first write: nothing was touched
    ├── BadInventory                farm.toml or an environment is not as it must be
    ├── BadTemplate                 a template cannot be rendered, or Apache refuses its file
    ├── BadSchema                   a schema script cannot be read
    ├── CheckFailed                 a program is missing, a port is taken, a branch has two heads
    ├── HazardRefused               the plan would cost something that nobody allowed
    ├── LockHeld                    somebody else deploys to this environment
    ├── JournalTooNew               a newer farmhand wrote this journal
    └── StalePlan                   the world has changed since the plan was made
"""

from typing import ClassVar


class FarmhandError(Exception):
    """What happened, where, and what to do next. Its text never holds a secret."""

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", advice: str = "") -> None:
        self.what, self.where, self.advice = what, where, advice
        super().__init__(": ".join(part for part in (where, what) if part))

    def lines(self) -> tuple[str, ...]:
        """The error as a person reads it: one line, and one more of advice if there is any."""
        return (str(self), *((f"  -> {self.advice}",) if self.advice else ()))


class BadCall(FarmhandError):
    """The call itself is wrong; say it differently."""


class Failed(FarmhandError):
    """Something was begun and did not succeed."""


class StepFailed(Failed):
    """A step of a plan failed. What was done before it stands in the journal."""


class BuildFailed(Failed):
    """A changeset did not become a release. Nothing of the attempt is left."""


class LockLost(Failed):
    """Somebody took the lease over, or broke it: nothing more is touched."""


class Interrupted(Failed):
    """Somebody asked to stop. What ran was finished; the rest can be resumed."""


class Unreachable(Failed):
    """A host, a balancer or a database cannot be talked to."""


class DifferencesFound(FarmhandError):
    """Somebody asked with `--check` whether anything differs, and something does."""

    exit_code = 2


class Refused(FarmhandError):
    """Found before the first write. Nothing was touched."""

    exit_code = 3


class BadInventory(Refused):
    """`farm.toml` or an environment's file is not as it must be."""


class BadTemplate(Refused):
    """A template cannot be rendered, or the file that it gives would not be accepted."""


class BadSchema(Refused):
    """A schema script cannot be read, or the schema it gives cannot be compared."""


class CheckFailed(Refused):
    """What the deploy needs is not there, or something else is in its place."""


class HazardRefused(Refused):
    """The plan would cost something that nobody allowed."""


class LockHeld(Refused):
    """Somebody else deploys to this environment."""


class JournalTooNew(Refused):
    """The journal was written by a newer farmhand, whose words this one does not know."""


class StalePlan(Refused):
    """The world no longer looks as it did when the plan was made."""
