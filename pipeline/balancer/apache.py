"""Orders for Apache's mod_proxy_balancer, through its balancer-manager page.

The page answers 200 whatever it does. From modules/proxy/mod_proxy_balancer.c, httpd 2.4.41 and
later: every parameter is ignored (AH10187) unless the request has a Referer whose host is the
server's name, which is the request's own Host unless `UseCanonicalName On`; a change must be a
POST with the nonce of that balancer, and a wrong one is ignored too. So each order is read back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from pipeline.errors import Failed, Unreachable
from pipeline.facts.answer import BalancerState, HttpAnswer, MemberMode, MemberState
from pipeline.facts.balancer import ManagerPage, manager_page
from pipeline.facts.question import BalancerAddress, HttpGet
from pipeline.transport import http
from pipeline.transport.waiting import until

PAGE_LIMIT = 4 * 1024 * 1024  # bytes: a member takes 1 KiB
ANSWER_LIMIT = 5.0  # seconds for one answer of the manager
ATTEMPTS = 3  # each with a nonce of its own: a reload in between renews it
POLL = 0.02  # seconds between two looks
BUSY_LIMIT = 2.0  # seconds: `busy` leaks upwards, so waiting for it longer proves nothing

Exchange = Callable[[HttpGet, Mapping[str, str] | None], HttpAnswer]


@dataclass(frozen=True, slots=True)
class ApacheBalancer:
    """One `balancer://NAME` and the page that takes its orders, as `Balancer` says.

    Never reload Apache while a member is drained: without BalancerPersist it forgets the order.
    `exchange` sends a request: another one may go through a tunnel.
    """

    address: BalancerAddress
    exchange: Exchange = field(default=partial(http.exchange, limit=PAGE_LIMIT))

    def state(self) -> BalancerState:
        """The members and what is done with each."""
        try:
            return BalancerState(reachable=True, members=self._page().members)
        except Failed as error:
            return BalancerState(reachable=False, because=error.what)

    def drain(self, member: str, *, timeout: float, baseline: int = 0) -> MemberState:
        """N, then D, then wait until `busy` is at its baseline; at most 2 s, or `timeout` if less.

        N alone still lets in every client whose cookie names the member; D sends them elsewhere.
        """
        self._order(member, {"w_status_N": "1"}, lambda now: now.mode is not MemberMode.READY)
        self.disable(member)
        return until(
            lambda: self._member(self._page(), member),
            lambda now: now.in_flight <= baseline,
            limit=min(timeout, BUSY_LIMIT),
            poll=POLL,
        )

    def disable(self, member: str) -> MemberState:
        """Send nobody there, at once. What is in flight goes on."""
        return self._order(
            member, {"w_status_D": "1"}, lambda now: now.mode is MemberMode.DISABLED
        )

    def undrain(self, member: str, *, timeout: float) -> MemberState:
        """Send requests there again: D and N off, then wait until it is usable.

        One that failed earlier (`Err`) stays unusable until its `retry` seconds are over and the
        next request comes along: no order can clear that, so a page is asked for meanwhile.
        """
        flags = {"w_status_D": "0", "w_status_N": "0"}
        now = self._order(member, flags, lambda now: now.mode is MemberMode.READY)
        if now.usable:
            return now
        return until(
            lambda: self._looked_at_again(member), lambda now: now.usable, limit=timeout, poll=POLL
        )

    def _looked_at_again(self, member: str) -> MemberState:
        if self.address.site:
            self.exchange(HttpGet(url=self.address.site, own=True, timeout=ANSWER_LIMIT), None)
        return self._member(self._page(), member)

    def _order(
        self, member: str, flags: Mapping[str, str], obeyed: Callable[[MemberState], bool]
    ) -> MemberState:
        """Send an order until the page shows that it was obeyed."""
        for _ in range(ATTEMPTS):
            page = self._page()
            worker = self._member(page, member)
            form = {"b": self.address.name, "w": worker.url, "nonce": page.nonce}
            after = self._member(self._page({**form, **flags, "xml": "1"}), member)
            if obeyed(after):
                return after
        raise Failed(
            f"the balancer ignored an order for {member} ({' '.join(flags)}) {ATTEMPTS} times",
            where=self.address.manager,
            advice="look for AH10187 in its error log: Referer, server name and nonce must fit",
        )

    def _page(self, form: Mapping[str, str] | None = None) -> ManagerPage:
        """What the page says now, or after the order in `form`."""
        url = self.address.manager
        get = HttpGet(
            url=url if form else f"{url}?xml=1", timeout=ANSWER_LIMIT, headers={"Referer": url}
        )
        answer = self.exchange(get, form)
        if answer.status != 200:
            raise Unreachable(
                answer.body if answer.status == 0 else f"it answered {answer.status}",
                where=url,
                advice="is the balancer running, and its balancer-manager open to this machine?",
            )
        try:
            return manager_page(answer.body, self.address.name)
        except Failed as error:
            raise Failed(error.what, where=url, advice=error.advice) from None

    def _member(self, page: ManagerPage, member: str) -> MemberState:
        try:
            return page.members[member]
        except KeyError:
            raise Failed(
                f"balancer {self.address.name} has no member {member}; it has: "
                + (", ".join(sorted(page.members)) or "none"),
                where=self.address.manager,
                advice="members are known by their route=",
            ) from None
