"""Services and members through actions, on a real Apache."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.execute.acts import Acts
from pipeline.farm.layout import Layout
from pipeline.plan.action import (
    AwaitHealthy,
    Drain,
    ReloadService,
    StartService,
    StopService,
    Undrain,
)
from pipeline.secret import Secret
from tests.services.rig import APACHE, MODULES, Rig, rig_in_its_folder

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not Path(APACHE).exists() or not Path(MODULES, "mod_wsgi.so").exists(),
        reason="needs Apache and mod_wsgi",
    ),
]


@pytest.fixture
def rig() -> Iterator[Rig]:
    with rig_in_its_folder() as made:
        yield made


def test_an_instance_is_bounced_action_by_action_each_done_twice(rig: Rig) -> None:
    acts = Acts(
        ways={"box": rig.local},
        layouts={"box": Layout(str(rig.folder))},
        store=rig.folder,
        blobs={},
        resolve=lambda reference: Secret(""),
    )
    worker = rig.worker()
    front, address = rig.balancer(worker)
    url = f"http://127.0.0.1:{worker.port}/"
    told = [
        [acts.act("box", action) for _ in range(2)]
        for action in (
            StartService(service=front),
            StartService(service=worker),
            AwaitHealthy(url=url, deadline=20),
            Drain(balancer=address, member="www_1", timeout=2),
            StopService(service=worker),
            StartService(service=worker),
            AwaitHealthy(url=url, deadline=20),
            Undrain(balancer=address, member="www_1"),
            ReloadService(service=front),
            AwaitHealthy(url=f"http://127.0.0.1:{front.port}/", deadline=20),
        )
    ]
    assert [row[0].partition(" ")[0] for row in told] == [
        *("process", "process", "well", "out", "graceful"),
        *("process", "well", "in", "process", "well"),
    ]
    assert told[4] == ["graceful", "not running"]
    assert told[1][0] == told[1][1] != told[5][0]
