"""Farms to plan for: each of the situations that a deploy can find."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.facts.answer import BalancerState, FileFact, MemberMode, ServiceState, sha256
from pipeline.farm.instances import Inventory
from pipeline.farm.layout import BALANCER, CACHE
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.plan import Plan
from pipeline.plan.wanted import Observed, Wanted
from tests.plan.farm_of import changed, inventory_of, nothing, wanted_of
from tests.plan.simulator import carry_out, look

DOWN = ServiceState(running=False)


@dataclass(frozen=True)
class Situation:
    """What a deploy wants, and what it finds."""

    wanted: Wanted
    observed: Observed

    @property
    def inventory(self) -> Inventory:
        return self.wanted.inventory

    @property
    def plan(self) -> Plan:
        return plan_deploy(self.wanted, self.observed)

    @property
    def after(self) -> Observed:
        return look(self.inventory, carry_out(self.inventory, self.plan, self.observed))


def deployed(*versions: str, inventory: Inventory | None = None) -> Observed:
    """A farm to which these versions were deployed, one after the other."""
    inventory = inventory or inventory_of()
    observed = nothing(inventory)
    for version in versions:
        wanted = wanted_of(inventory, observed, version)
        observed = carry_out(inventory, plan_deploy(wanted, observed), observed)
    return observed


def first() -> Situation:
    observed = nothing(inventory_of())
    return Situation(wanted_of(inventory_of(), observed), observed)


def same() -> Situation:
    observed = deployed("v1")
    return Situation(wanted_of(inventory_of(), observed), observed)


def next_version() -> Situation:
    observed = deployed("v1")
    return Situation(wanted_of(inventory_of(), observed, "v2"), observed)


def next_version_with_another_lock() -> Situation:
    observed = deployed("v1")
    return Situation(wanted_of(inventory_of(), observed, "v2", lock="other"), observed)


def next_version_without_a_balancer() -> Situation:
    inventory = inventory_of("balancer.kind=none")
    observed = deployed("v1", inventory=inventory)
    return Situation(wanted_of(inventory, observed, "v2"), observed)


def changed_template() -> Situation:
    observed = deployed("v1")
    return Situation(wanted_of(inventory_of(), observed, template="threads 25\n"), observed)


def changed_balancer() -> Situation:
    observed = deployed("v1")
    return Situation(wanted_of(inventory_of(), observed, front="lbmethod bybusyness\n"), observed)


def changed_secret() -> Situation:
    """The reference gives another word now: all files hold the old one."""
    observed = deployed("v1")
    host = observed.host("box")
    host = replace(host, secrets=dict.fromkeys(host.secrets, "an-hmac"))
    observed = changed(observed, host)
    return Situation(wanted_of(inventory_of(), observed), observed)


def added_instance() -> Situation:
    inventory = inventory_of("hosts.box.instances.count=4")
    observed = deployed("v1")
    return Situation(wanted_of(inventory, observed), observed)


def removed_instance() -> Situation:
    inventory = inventory_of("hosts.box.instances.count=2")
    observed = deployed("v1")
    return Situation(wanted_of(inventory, observed), observed)


def crashed_instance() -> Situation:
    observed = with_service(deployed("v1"), "www_2", DOWN)
    return Situation(wanted_of(inventory_of(), observed), observed)


def orphans_of_an_instance() -> Situation:
    """The parent process was killed, its children go on."""
    observed = with_service(deployed("v1"), "www_2", ServiceState(running=False, orphans=(7, 8)))
    return Situation(wanted_of(inventory_of(), observed), observed)


def dead_balancer() -> Situation:
    observed = with_dead_balancer(deployed("v1"))
    return Situation(wanted_of(inventory_of(), observed), observed)


def edited_by_hand() -> Situation:
    observed = with_edit(deployed("v1"), "instances/www_2/conf/www_2.conf", "threads 99\n")
    return Situation(wanted_of(inventory_of(), observed), observed)


def stranger_in_a_folder() -> Situation:
    observed = with_edit(deployed("v1"), "instances/www_2/conf/extra.conf", "threads 99\n")
    return Situation(wanted_of(inventory_of(), observed), observed)


def leftover_release() -> Situation:
    """A deploy of v2 that was stopped after the push; v1 is wanted again."""
    observed = deployed("v1")
    plan = plan_deploy(wanted_of(inventory_of(), observed, "v2", lock="other"), observed)
    pushed = [step for step in plan.steps if step.stage == "push"]
    observed = carry_out(inventory_of(), plan, observed, pushed)
    return Situation(wanted_of(inventory_of(), observed), observed)


def half_rolled() -> Situation:
    """A deploy of v2 that was killed when www_1 ran it and www_2 was down."""
    observed = deployed("v1")
    plan = plan_deploy(wanted_of(inventory_of(), observed, "v2"), observed)
    ids = [step.id for step in plan.steps]
    steps = plan.steps[: ids.index("roll:www_2:switch")]
    observed = carry_out(inventory_of(), plan, observed, steps)
    return Situation(wanted_of(inventory_of(), observed, "v2"), observed)


def drained_member() -> Situation:
    observed = with_mode(deployed("v1"), "www_2", MemberMode.DRAIN)
    return Situation(wanted_of(inventory_of(), observed), observed)


def whole(*settings: str) -> Inventory:
    """A farm with all that one can have: HAProxy, its static server, a memcached."""
    return inventory_of(
        *("balancer.kind=haproxy", "hosts.box.memcached.port=9011", "cache.on_deploy=flush"),
        *settings,
    )


def whole_farm_first() -> Situation:
    observed = nothing(whole())
    return Situation(wanted_of(whole(), observed), observed)


def whole_farm_next_version() -> Situation:
    observed = deployed("v1", inventory=whole())
    return Situation(wanted_of(whole(), observed, "v2"), observed)


def whole_farm_with_other_settings() -> Situation:
    """Memcached is restarted on them; the static server and the balancer read them anew."""
    observed = deployed("v1", inventory=whole())
    return Situation(wanted_of(whole(), observed, front="more\n"), observed)


def whole_farm_without_its_cache() -> Situation:
    observed = with_service(deployed("v1", inventory=whole()), CACHE, DOWN)
    return Situation(wanted_of(whole(), observed), observed)


def memcached_comes() -> Situation:
    observed = deployed("v1")
    inventory = inventory_of("hosts.box.memcached.port=9011")
    return Situation(wanted_of(inventory, observed), observed)


def memcached_goes() -> Situation:
    observed = deployed("v1", inventory=inventory_of("hosts.box.memcached.port=9011"))
    return Situation(wanted_of(inventory_of(), observed), observed)


SITUATIONS: tuple[Callable[[], Situation], ...] = (
    first,
    same,
    next_version,
    next_version_with_another_lock,
    next_version_without_a_balancer,
    changed_template,
    changed_balancer,
    changed_secret,
    added_instance,
    removed_instance,
    crashed_instance,
    orphans_of_an_instance,
    dead_balancer,
    edited_by_hand,
    stranger_in_a_folder,
    leftover_release,
    half_rolled,
    drained_member,
    whole_farm_first,
    whole_farm_next_version,
    whole_farm_with_other_settings,
    whole_farm_without_its_cache,
    memcached_comes,
    memcached_goes,
)


def with_service(observed: Observed, name: str, state: ServiceState) -> Observed:
    """The same, with a service of the box in another state."""
    box = observed.host("box")
    return changed(observed, replace(box, services={**box.services, name: state}))


def with_dead_balancer(observed: Observed) -> Observed:
    """The same, with a balancer that does not run."""
    silent = BalancerState(reachable=False, because="connection refused")
    return replace(with_service(observed, BALANCER, DOWN), balancer=silent)


def with_edit(observed: Observed, path: str, text: str) -> Observed:
    """The same, after somebody wrote a file on the box."""
    box = observed.host("box")
    fact = FileFact(size=len(text), sha256=sha256(text.encode()), text=text)
    return changed(observed, replace(box, texts={**box.texts, path: fact}))


def with_mode(observed: Observed, name: str, mode: MemberMode) -> Observed:
    """The same, with a member of the balancer in another mode."""
    state = observed.balancer
    members = {**state.members, name: replace(state.members[name], mode=mode)}
    return replace(observed, balancer=replace(state, members=members))
