"""The play: citizens come by the plan, agents work, and all go home in order."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import aiohttp

from contactcenter.traffic import plan
from contactcenter.traffic.agents import Played
from contactcenter.traffic.chat import Chatting
from contactcenter.traffic.letters import Callbacks, Post
from contactcenter.traffic.plan import Approach, Options
from contactcenter.traffic.tab import Unanswered
from contactcenter.traffic.tally import Tally
from contactcenter.watch import sign_in

BY_HAND_SHARE = 0.2  # of the rate of citizens
FINISH_S = 45.0
MOST_AT_ONCE = 2000


class Play:
    """One run. `described`: what `demo --json` says; `texts`: what is asked and answered."""

    def __init__(self, options: Options, described: dict[str, Any], texts: dict[str, Any]) -> None:
        self.options = options
        self.tally = Tally()
        self._described, self._texts = described, texts
        self._run = f"t{secrets.token_hex(5)}"  # no other run's ids, whatever the seed
        self._stop, self._cut = asyncio.Event(), asyncio.Event()
        self._citizens: set[asyncio.Task[None]] = set()
        self._agents: list[tuple[Played, asyncio.Task[None]]] = []

    def stop(self) -> None:
        """No more citizens; those who are there take their leave. Asked again: nobody waits."""
        if self._stop.is_set():
            self._cut.set()
        self._stop.set()

    async def run(self, show: Callable[[str], None]) -> None:
        """Play it. Raises OSError where an agent can't sign in or nothing answers."""
        began = time.monotonic()
        showing = asyncio.create_task(self._progress(began, show))
        jar = aiohttp.DummyCookieJar()
        timeout = aiohttp.ClientTimeout(total=20)
        try:
            async with aiohttp.ClientSession(cookie_jar=jar, timeout=timeout) as http:
                await self._reach(http)
                await self._sign_on()
                await self._come(http, began)
                await self._finish()
        finally:
            self._stop.set()
            await self._go_home()
            showing.cancel()
        show(self.tally.line(time.monotonic() - began))

    async def _reach(self, http: aiohttp.ClientSession) -> None:
        """Raises OSError where nothing answers, or where its mail is taken at another port: another
        server's people would get it."""
        url, port = self.options.url, self._described["smtp"]["port"]
        try:
            async with http.get(f"{url}/health/live") as answer:
                answer.raise_for_status()
            async with http.get(f"{url}/health/ready") as answer:
                smtp = (await answer.json())["checks"].get("smtp")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ConnectionRefusedError(
                f"nothing answers at {url}: start it with `make run`; where it was started with"
                " other ports, give the same --port and --smtp-port here"
            ) from error
        if smtp is not None and smtp["ok"] and smtp["detail"] != f"port {port}":
            raise ConnectionRefusedError(
                f"{url} takes mail at {smtp['detail']}, not at {port}: give --smtp-port"
            )

    # ------------------------------------------------------------ agents

    async def _sign_on(self) -> None:
        crew = plan.crew(self._described["users"], self.options.agents)
        users = {user["id"]: user for user, _, _ in crew}
        url, come = self.options.url, self._approaches()
        pace = plan.pace_s(self.options.rate, list(users.values()), come)
        every = len(crew) / (BY_HAND_SHARE * self.options.rate)
        cookies = {
            user["id"]: await sign_in(url, user["email"], user["password"])
            for user in users.values()
        }
        for n, (user, tab, tabs) in enumerate(crew):
            agent = Played(
                url,
                cookies[user["id"]],
                f"{self._run}-a{n}",
                self.tally,
                user=user,
                tab=tab,
                tabs=tabs,
                pace_s=pace,
                by_hand_s=every,
                texts=self._texts,
                seed=f"{self.options.seed} agent {n}",
            )
            self._agents.append((agent, asyncio.create_task(agent.work())))

    async def _finish(self) -> None:
        """Let those who are being served come to an end; who then is left takes leave."""
        if self._agents and self._citizens:
            await self._first(self._stop, asyncio.wait(set(self._citizens)))
        self._stop.set()
        if self._citizens:
            await self._first(self._cut, asyncio.wait(set(self._citizens)))

    async def _go_home(self) -> None:
        for part in (Played.finish, Played.go):
            everybody = asyncio.gather(*(self._quietly(part(agent)) for agent, _ in self._agents))
            await self._first(self._cut, everybody)
        await asyncio.gather(*(agent.drop() for agent, _ in self._agents), return_exceptions=True)
        tasks = [task for _, task in self._agents] + list(self._citizens)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (Unanswered, TimeoutError):
            self.tally.errors["agent did not finish"] += 1

    @staticmethod
    async def _first(event: asyncio.Event, work: Awaitable[Any]) -> None:
        """Until the work is done or the event is there, at most a time."""
        tasks = {asyncio.ensure_future(work), asyncio.create_task(event.wait())}
        await asyncio.wait(tasks, timeout=FINISH_S, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ------------------------------------------------------------ citizens

    async def _come(self, http: aiohttp.ClientSession, began: float) -> None:
        smtp = self._described["smtp"]
        phrases, tally, url = self._texts["phrases"], self.tally, self.options.url
        post = Post(smtp["host"], smtp["port"], self._run, phrases, tally)
        callbacks = Callbacks(url, self._run, http, tally)

        def lives(approach: Approach) -> Coroutine[Any, Any, None]:
            if approach.door == "mail":
                return post.write(approach)
            if approach.door == "callback":
                return callbacks.ask(approach)
            return Chatting(url, self._run, approach, phrases, tally).live(self._stop)

        for approach in self._approaches():
            if await self._stopped_before(began + approach.at):
                return
            if len(self._citizens) >= MOST_AT_ONCE:
                self.tally.errors["too many at once, one left out"] += 1
                continue
            task = asyncio.create_task(lives(approach))
            self._citizens.add(task)
            task.add_done_callback(self._gone)
        await self._stopped_before(
            began + self.options.minutes * 60 if self.options.contacts is None else 0
        )

    def _approaches(self) -> Iterator[plan.Approach]:
        return plan.approaches(self.options, self._described["queues"], self._texts["topic"])

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._citizens.discard(task)
        self.tally.failed(task)

    async def _stopped_before(self, moment: float) -> bool:
        """Wait for a moment; whether the play was stopped before it."""
        wait = moment - time.monotonic()
        if wait > 0:
            try:
                async with asyncio.timeout(wait):
                    await self._stop.wait()
            except TimeoutError:
                pass
        return self._stop.is_set()

    async def _progress(self, began: float, show: Callable[[str], None]) -> None:
        while True:
            await asyncio.sleep(1)
            show(self.tally.line(time.monotonic() - began))
