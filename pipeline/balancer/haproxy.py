"""Orders for HAProxy, through its runtime API on a unix socket that only the deployer can open.

An order that was obeyed has an empty answer, and one that was not has the reason. It is read back
all the same: the state of a server may also come from the configuration, or from its name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from pipeline.errors import Failed, Unreachable
from pipeline.facts.answer import BalancerState, MemberMode, MemberState
from pipeline.facts.haproxy import ASKED, members
from pipeline.facts.question import BalancerAddress
from pipeline.transport import unix
from pipeline.transport.waiting import until

ANSWER_LIMIT = 5.0  # seconds for one answer
POLL = 0.02  # seconds between two looks

Exchange = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class HaproxyBalancer:
    """One backend and the socket that takes orders for it, as `Balancer` says.

    `exchange` takes a socket's path and a command, and gives the answer: another one may go
    through a tunnel. Raises `Unreachable` when there is none.
    """

    address: BalancerAddress
    exchange: Exchange = field(default=partial(unix.ask, timeout=ANSWER_LIMIT))

    def state(self) -> BalancerState:
        """The members and what is done with each."""
        try:
            return BalancerState(reachable=True, members=self._members())
        except Failed as error:
            return BalancerState(reachable=False, because=error.what)

    def drain(self, member: str, *, timeout: float, baseline: int = 0) -> MemberState:
        """Maintenance, at once, then wait until no more than `baseline` requests are in flight.

        What is in flight goes on, what was queued for the member goes to others, and so do clients
        whose cookie names it: in the state `drain` those would keep coming.
        """
        self._order(member, "maint", MemberMode.DISABLED)
        return until(
            lambda: self._member(member),
            lambda now: now.in_flight <= baseline,
            limit=timeout,
            poll=POLL,
        )

    def undrain(self, member: str, *, timeout: float) -> MemberState:
        """Send requests there again, and wait until its health check is well."""
        self._order(member, "ready", MemberMode.READY)
        return until(
            lambda: self._member(member), lambda now: now.usable, limit=timeout, poll=POLL
        )

    def _order(self, member: str, state: str, mode: MemberMode) -> MemberState:
        """Give an order and see that it was obeyed."""
        self._member(member)
        said = self._ask(f"set server {self.address.name}/{member} state {state}").strip()
        if said:
            raise self._failed(f"HAProxy refuses {state} for {member}: {said}")
        now = self._member(member)
        if now.mode is not mode:
            raise self._failed(f"{member} was told {state}, and is yet {now.mode.value}")
        return now

    def _member(self, member: str) -> MemberState:
        found = self._members()
        if member not in found:
            raise self._failed(
                f"balancer {self.address.name} has no member {member}; it has: "
                + (", ".join(sorted(found)) or "none")
            )
        return found[member]

    def _members(self) -> dict[str, MemberState]:
        answer = self._ask(ASKED.format(name=self.address.name))
        try:
            return dict(members(answer, self.address.name))
        except Failed as error:
            raise Failed(error.what, where=self.address.manager, advice=error.advice) from None

    def _ask(self, words: str) -> str:
        try:
            return self.exchange(self.address.manager, words)
        except Unreachable as error:
            raise Unreachable(
                error.what,
                where=self.address.manager,
                advice="is the balancer running, and may you open its socket?",
            ) from None

    def _failed(self, what: str) -> Failed:
        return Failed(
            what, where=self.address.manager, advice="ask it yourself: show servers state"
        )
