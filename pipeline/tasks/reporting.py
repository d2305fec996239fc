"""The page that `--report FILE.html` asks for: of a plan, and of a run however it ends."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pipeline.errors import BadCall, FarmhandError
from pipeline.flow.outputs import STDOUT, Output, refuse_foreign, write_all
from pipeline.flow.world import World
from pipeline.plan.plan import Plan
from pipeline.tasks import edge

OPTION = "--report"


def checked(path: str | None) -> str:
    """A path that may be written. Raises BadCall beforehand: '' is for none."""
    if path == STDOUT:
        raise BadCall("a report goes into a file", where=OPTION, advice="name one: report.html")
    refuse_foreign({OPTION: path or ""})
    return path or ""


@dataclass(slots=True, kw_only=True)
class Reporting:
    """Around what is done: the page is written when it has ended, well or not.

    `run` is the run's number, once it was begun. What was done is not undone by a page that
    cannot be written: that is said, and no more.
    """

    world: World
    path: str
    plan: Plan | None = None
    run: int | None = None

    def begun(self, run: int) -> None:
        """It is in the journal from now on."""
        self.run = run

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        try:
            self.write(problem)
        except FarmhandError as trouble:
            edge.say("\n".join(trouble.lines()))

    def write(self, problem: BaseException | None = None) -> None:
        """Write the page; `problem` is what it ended with. Raises BadCall."""
        if not self.path:
            return
        from pipeline.execute.ledger import reason_of
        from pipeline.flow.history import record_of
        from pipeline.report.deploy_data import DeployReport
        from pipeline.report.deploy_html import to_html

        record = record_of(self.world, self.run) if self.run is not None else None
        plan = record.plan if record else self.plan
        if plan is None:
            return
        said: tuple[str, ...] = (reason_of(problem),) if problem else ()
        if isinstance(problem, FarmhandError):
            said = problem.lines()
        text = to_html(DeployReport(plan=plan, record=record, said=said))
        write_all((Output(OPTION, self.path, text.encode("utf-8")),))
        edge.say(f"report: {self.path}")
