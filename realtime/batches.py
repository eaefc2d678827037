"""One call for many: what is asked for while a call runs goes into the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Batches(Generic[Question, Answer]):
    """Asks in batches of at most `largest`, at most `at_once` of them side by side.

    `call` answers each question of a batch, in order, with an answer or an exception to raise.
    Alone, a question is asked at once; nobody waits for company.
    """

    def __init__(
        self,
        call: Callable[[list[Question]], Awaitable[Sequence[Answer | Exception]]],
        *,
        largest: int,
        at_once: int,
    ) -> None:
        self._call = call
        self._largest = largest
        self._at_once = at_once
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        # A caller is gone once it has seen that nothing waits, not when its task is done: what is
        # asked in between would wait for ever.
        self._callers = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, question: Question) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._callers < self._at_once:
            self._callers += 1
            task = asyncio.create_task(self._call_until_done())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def _call_until_done(self) -> None:
        try:
            while self._waiting:
                batch = self._waiting[: self._largest]
                del self._waiting[: self._largest]
                await self._answer(batch)
        finally:
            self._callers -= 1

    async def _answer(self, batch: "list[tuple[Question, asyncio.Future[Answer]]]") -> None:
        answers: Sequence[Answer | Exception]
        try:
            answers = await self._call([question for question, _ in batch])
        except Exception as error:  # noqa: BLE001 - those who asked handle it
            answers = [error] * len(batch)
        for (_, asker), answer in zip(batch, answers, strict=True):
            _give(asker, answer)


def _give(asker: "asyncio.Future[Answer]", answer: "Answer | Exception") -> None:
    if asker.done():
        return
    if isinstance(answer, Exception):
        asker.set_exception(answer)
    else:
        asker.set_result(answer)
