"""One hook as a step: its words filled in, its environment, and what takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.farm.inventory import Deed, Hook
from pipeline.farm.placeholders import fill
from pipeline.plan.action import RunHook
from pipeline.plan.draft import Draft
from pipeline.plan.step import CONTROL, Stage, Step
from pipeline.plan.wanted import Wanted
from pipeline.render.values import site_environ
from pipeline.secret import SecretRef


@dataclass(frozen=True, slots=True)
class HookSteps:
    """Makes the steps of hooks; the texts of scripts go into the draft."""

    wanted: Wanted
    draft: Draft

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of the farm."""
        return tuple(self.wanted.hosts)

    @property
    def instances(self) -> tuple[str, ...]:
        """The instances of the farm."""
        return tuple(each.name for each in self.wanted.inventory.instances)

    def step(self, hook: Hook, target: str | None) -> Step:
        """The step of a hook for the whole deploy, a host or an instance. It needs nothing yet."""
        name = f"{hook.name}@{target}" if target else hook.name
        undo = (self._action(hook, hook.undo, name, target),) if hook.undo else ()
        stage = _stage(hook)
        return Step(
            id=":".join(filter(None, (stage.value, target, f"hook-{hook.name}"))),
            stage=stage,
            host=self._host(hook, target) if hook.on == "host" else CONTROL,
            action=self._action(hook, hook, name, target),
            why=f"hook {hook.name}, {hook.when}",
            undo=undo,
            unit=f"hook-{name}" if undo else "",
            may_fail=hook.on_failure == "continue",
        )

    def _host(self, hook: Hook, target: str | None) -> str:
        """The host that a hook has to do with; of one for the whole deploy, the first."""
        if hook.per == "instance":
            return next(
                each.host for each in self.wanted.inventory.instances if each.name == target
            )
        return target or self.hosts[0]

    def _action(self, hook: Hook, deed: Deed, name: str, target: str | None) -> RunHook:
        values = self._values(hook, target)
        text = self.draft.blob(self.wanted.scripts[deed.script]) if deed.script else ""
        site = self.wanted.inventory.environment.site
        as_site = hook.user == "site"
        host = self._host(hook, target)
        return RunHook(
            hook=name,
            task=deed.task or "",
            argv=tuple(fill(word, values) for word in deed.run or ()),
            script=deed.script or "",
            text=text,
            folder=self._folder(hook, host) if hook.on == "host" else "",
            environ={
                **(self._site_environ(host, target) if as_site else {}),
                **{f"FARM_{key.upper()}": value for key, value in values.items()},
                "FARM_HOOK": hook.name,
                **{key: fill(value, values) for key, value in hook.environ.items()},
            },
            secrets=_secrets(site.secrets if as_site else {}, hook.secrets),
            user=self.wanted.inventory.user(host) if as_site else "",
            timeout=hook.timeout,
        )

    def _folder(self, hook: Hook, host: str) -> str:
        """The code of the release; as long as it is not there, the top of all folders."""
        layout = self.wanted.inventory.layout(host)
        if hook.release_is_there:
            return layout.path("releases", self.wanted.release.id, "code")
        return layout.ancestors()[0]

    def _values(self, hook: Hook, target: str | None) -> dict[str, str]:
        """What its placeholders stand for."""
        inventory, release = self.wanted.inventory, self.wanted.release
        host = self._host(hook, target)
        layout = inventory.layout(host)
        values = {
            "kind": self.wanted.kind,
            "environment": inventory.name,
            "release": release.id,
            "changeset": release.changeset.node,
            "url": inventory.url.rstrip("/"),
            "host": host,
            "root": layout.root,
            "code": layout.path("releases", release.id, "code"),
            "python": layout.venv_python(self.wanted.hosts[host].venv),
        }
        for each in inventory.instances:
            if each.name == target and hook.per == "instance":
                values |= {"instance": each.name, "port": str(each.port), "url": each.url}
        return {name: values[name] for name in hook.placeholders}

    def _site_environ(self, host: str, target: str | None) -> dict[str, str]:
        """What the site is told on this host: of the instance, or of the host's first."""
        inventory = self.wanted.inventory
        there = inventory.on(host)
        instance = next((each for each in there if each.name == target), there[0])
        found = site_environ(inventory, instance, inventory.layout(host), self.wanted.release.id)
        return {name: str(value) for name, value in found.items()}


def _secrets(*tables: Mapping[str, SecretRef]) -> dict[str, SecretRef]:
    return {name: reference for table in tables for name, reference in table.items()}


def _stage(hook: Hook) -> Stage:
    if hook.stage == "all":
        return Stage.PREPARE if hook.before else Stage.FINISH
    return Stage(hook.stage)
