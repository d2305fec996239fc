"""Actions made real: one `match` over the closed list. Each may be done twice without harm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import assert_never

from pipeline.balancer.orders import Balancer, balancer_for
from pipeline.errors import Failed
from pipeline.execute import act_files, act_hooks, act_release, act_schema, act_services
from pipeline.execute.clock import Clock
from pipeline.facts.answer import HttpAnswer
from pipeline.facts.question import BalancerAddress, HttpGet
from pipeline.farm.layout import Layout
from pipeline.plan.action import (
    Action,
    ApplySchema,
    AwaitHealthy,
    CompileBytecode,
    CreateUser,
    Drain,
    FlushCache,
    MakeFolders,
    MakeVenv,
    PublishStatic,
    PushRelease,
    ReloadService,
    Remove,
    RemoveUser,
    RunHook,
    StartService,
    StopService,
    Undrain,
    WriteFiles,
    WriteSecrets,
)
from pipeline.plan.step import CONTROL
from pipeline.secret import Secret, SecretRef
from pipeline.transport.base import Transport
from pipeline.transport.http import fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """All that actions need: the ways to the hosts, the release store here, the plan's texts.

    The control machine is among the ways and layouts, for hooks; there they run in `project`.
    `uv` is the program that makes virtualenvs; empty means the one that came with farmhand.
    """

    ways: Mapping[str, Transport]
    layouts: Mapping[str, Layout]
    store: Path
    blobs: Mapping[str, str]
    resolve: Callable[[SecretRef], Secret]
    project: str = ""
    uv: str = ""
    clock: Clock = field(default_factory=Clock)
    fetch: Callable[[HttpGet], HttpAnswer] = fetch
    balancers: Callable[[BalancerAddress], Balancer] = balancer_for
    lock: Lock = field(default_factory=Lock)

    def act(self, host: str, action: Action) -> str:
        """Do one action on a host. Gives a few words for the journal, and never a secret.

        Raises Failed or Unreachable with the reason, and what to do about it.
        """
        way = self._way(host)
        match action:
            case CreateUser():
                return act_files.create_user(action, way)
            case RemoveUser():
                return act_files.remove_user(action, way)
            case MakeFolders():
                return act_files.make_folders(action, way)
            case WriteFiles():
                return act_files.write_files(action, way, self.blobs)
            case WriteSecrets():
                return act_files.write_secrets(
                    action, way, self.layouts[host], resolve=self.resolve, lock=self.lock
                )
            case Remove():
                return act_files.remove(action, way)
            case PushRelease():
                return act_release.push_release(action, way, self.store)
            case MakeVenv():
                return act_release.make_venv(action, way, self.uv)
            case CompileBytecode():
                return act_release.compile_bytecode(action, way)
            case PublishStatic():
                return act_release.publish_static(action, way)
            case ApplySchema():
                return act_schema.apply_schema(action, way, self.blobs)
            case Drain():
                return act_services.drain(action, self.balancers)
            case Undrain():
                return act_services.undrain(action, self.balancers)
            case StartService():
                return act_services.start(action, way)
            case StopService():
                return act_services.stop(action, way)
            case ReloadService():
                return act_services.reload(action, way)
            case FlushCache():
                return act_services.flush_cache(action, way)
            case AwaitHealthy():
                return act_services.await_healthy(action, self.fetch, self.clock)
            case RunHook():
                here, there = self._place(CONTROL), self._place(host)
                return act_hooks.run_hook(action, there, here, self.blobs, self.project)
            case _:
                assert_never(action)

    def _place(self, host: str) -> act_hooks.Place:
        return act_hooks.Place(self._way(host), self.layouts[host])

    def _way(self, host: str) -> Transport:
        try:
            return self.ways[host]
        except KeyError:
            raise Failed(
                f"the inventory has no host {host}", advice="plan again, with this inventory"
            ) from None
