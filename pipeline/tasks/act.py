"""What all acting tasks do with a plan: show it, ask about its costs, carry it out, sum up."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from pipeline.errors import BadCall, CheckFailed, Failed, HazardRefused, Interrupted
from pipeline.execute.progress import PlainProgress, Progress
from pipeline.execute.summary import Summary
from pipeline.flow.want import Prepared, prepare_deploy
from pipeline.flow.world import World, reach
from pipeline.hazard import Allowed, Hazard, HazardName
from pipeline.plan.plan import Plan, to_json
from pipeline.plan.show import NOTHING, headline, show
from pipeline.tasks import edge
from pipeline.tasks.reporting import Reporting
from pipeline.wording import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the user agreed to beforehand.

    `asks` is whether this kind of plan wants a yes even when it costs nothing; `implied` are
    hazards that are the very thing that was asked for.
    """

    yes: bool = False
    allow: tuple[str, ...] = ()
    asks: bool = False
    implied: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise BadCall for a hazard that there is none of, HazardRefused for a bare one."""
        for pattern in self.allow:
            name, colon, _ = pattern.partition(":")
            if not any(fnmatchcase(known, name) for known in HazardName):
                near = get_close_matches(name, HazardName, n=1)
                raise BadCall(
                    f"there is no hazard {name!r}",
                    where="--allow",
                    advice=f"did you mean {near[0]}?"
                    if near
                    else f"there are: {', '.join(HazardName)}",
                )
            if not colon and not edge.is_terminal():
                raise HazardRefused(
                    f"{pattern} names no object",
                    where="--allow",
                    advice=f"say which: --allow {pattern}:OBJECT (globs are fine)",
                )

    @property
    def allowed(self) -> Allowed:
        """The hazards that need no further word."""
        return Allowed((*self.allow, *self.implied))

    def by(self, hazard: Hazard) -> str:
        """By what a hazard of a plan that goes on was allowed."""
        if pattern := Allowed(self.allow).by(hazard):
            return f"--allow {pattern}"
        return "asked for" if self.allowed.covers(hazard) else "yes, on a terminal"


def act(
    world: World,
    plan: Plan,
    *,
    consent: Consent,
    diffs: str = "",
    report: str = "",
    as_json: bool,
) -> None:
    """Show a plan, get what consent it still needs, carry it out, and report it."""
    reporting = Reporting(world=world, path=report, plan=plan)
    if not plan.steps:
        from pipeline.flow.publish import publish

        with reporting:
            nothing(world, plan, as_json=as_json)
            publish(world)
        return
    from pipeline.flow.run import carry_out  # the journal's SQL: not worth its import before

    edge.say(show(plan, diffs=diffs))
    with reporting:
        gate(plan, consent)
        allowed = {str(hazard): consent.by(hazard) for hazard in plan.hazards}
        with sad_end(plan):
            summary = carry_out(
                world, plan, progress=progress(), allowed=allowed, begun=reporting.begun
            )
    finish(world, plan, summary, as_json=as_json)


def prepare(
    env: str, rev: str | None, observed: str | None, given: edge.Overrides, *, build: bool
) -> tuple[World, Prepared]:
    """A plan for people to look at: of the environment itself, or of what a deploy observed.

    With `build`, a release that such a plan needs is built, where that can be done.
    """
    if not observed:
        world = reach(edge.project(), env, given or (), edge.say)
        return world, prepare_deploy(world, rev)
    from pipeline.flow.observed import prepare_observed, reach_nothing

    world, published = reach_nothing(edge.project(), env, given or (), edge.say, observed)
    return world, prepare_observed(world, published, rev, build=build)


@contextmanager
def sad_end(plan: Plan) -> Iterator[None]:
    """Say of a plan that was begun and not finished that it failed, in the words people know."""
    try:
        yield
    except Failed as problem:
        word = "INTERRUPTED" if isinstance(problem, Interrupted) else "FAILED"
        edge.show(f"BUILD {word}: {headline(plan)}")
        raise


def show_only(world: World, prepared: Prepared, *, report: str = "", as_json: bool) -> None:
    """A dry run is the plan, shown, and reported when that is wanted."""
    Reporting(world=world, path=report, plan=prepared.plan).write()
    if as_json and prepared.view:
        edge.say(prepared.view)
    shown = show(prepared.plan, diffs=prepared.diffs, view=prepared.view)
    edge.show(to_json(prepared.plan) if as_json else shown)


def gate(plan: Plan, consent: Consent) -> None:
    """Raise HazardRefused unless every hazard is allowed, beforehand or now, on a terminal."""
    refused = consent.allowed.refuses(plan.hazards)
    if edge.is_terminal() and (refused or (consent.asks and not consent.yes)):
        question = "Go on, at this cost?" if refused else "Go on?"
        if not edge.ask(question):
            raise CheckFailed("you said no", advice="nothing was touched")
        return
    if refused:
        raise HazardRefused(_costs(refused), advice=_allow(refused))
    if consent.asks and not consent.yes:
        raise CheckFailed(
            f"{headline(plan)}: nobody is there to be asked", advice="say it beforehand: --yes"
        )


def progress() -> Progress:
    """Lines that move on a terminal, plain lines elsewhere."""
    if edge.is_terminal():
        from rich.console import Console

        from pipeline.execute.progress_rich import RichProgress

        return RichProgress(Console(stderr=True))
    return PlainProgress(sys.stderr)


def nothing(world: World, plan: Plan, *, as_json: bool) -> None:
    """The plan is empty: say so, and what there is."""
    if as_json:
        edge.show(json.dumps({**_head(plan), "outcome": "nothing", "steps": 0, "seconds": 0.0}))
        return
    for note in plan.notes:
        edge.say(f"note: {note}")
    what = f"{plan.release} runs on {plan.environment} already. " if plan.release else ""
    edge.show(f"{what}{NOTHING}")
    if plan.kind == "deploy":
        edge.show(world.inventory.url)


def finish(world: World, plan: Plan, summary: Summary, *, as_json: bool) -> None:
    """What was done, in the words people are used to."""
    if as_json:
        result = {
            **_head(plan),
            "outcome": "done",
            "steps": summary.done,
            "seconds": round(summary.seconds, 3),
            "url": world.inventory.url,
            "warnings": list(summary.warnings),
        }
        edge.show(json.dumps(result))
        return
    for warning in summary.warnings:
        edge.say(f"warning: {warning}")
    edge.show(f"BUILD SUCCEEDED: {headline(plan)}")
    edge.show(f"  {changes(plan)}")
    edge.show(f"  {count(summary.done, 'step')} in {summary.seconds:.1f} s")
    if plan.kind in {"deploy", "rollback", "start"}:
        edge.show(f"  {world.inventory.url}")


def changes(plan: Plan) -> str:
    """What a plan changed, counted by kind."""
    kinds = Counter[str](step.action.kind for step in plan.steps)
    named = [
        f"{kinds[kind]} {one if kinds[kind] == 1 else many}"
        for kind, (one, many) in _COUNTED.items()
        if kinds[kind]
    ]
    return ", ".join(named) or "no change"


def _head(plan: Plan) -> dict[str, object]:
    return {
        "format": 1,
        "kind": plan.kind,
        "environment": plan.environment,
        "release": plan.release,
        "plan": plan.hash,
    }


def _costs(refused: tuple[Hazard, ...]) -> str:
    return "not allowed: " + "; ".join(f"{hazard} ({hazard.reason})" for hazard in refused)


def _allow(refused: tuple[Hazard, ...]) -> str:
    return "allow each by name, or change the plan: --allow " + ",".join(map(str, refused))


_COUNTED = {
    "push-release": ("release pushed", "releases pushed"),
    "make-venv": ("virtualenv made", "virtualenvs made"),
    "apply-schema": ("schema change", "schema changes"),
    "stop-service": ("service stopped", "services stopped"),
    "start-service": ("service started", "services started"),
    "run-hook": ("hook run", "hooks run"),
    "reload-service": ("service reloaded", "services reloaded"),
}
