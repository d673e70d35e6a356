"""Workers leave off in good order: what is begun is finished if it can be, and nothing more is begun."""

import asyncio

from sqlalchemy.orm import Session, sessionmaker

from bot.delivery import HandOver, Parcel
from bot.workers import Workers
from respite.clock import utc_now
from respite.store.models import Conversation, OutboxMessage
from respite.support.outbox import add_line
from tests.channels.conftest import Borrowers, NewHub


class SlowPost:
    """A channel that is sent to, and takes nothing before it `opens`."""

    channel = "post"

    def __init__(self) -> None:
        self.begins, self.opens = asyncio.Event(), asyncio.Event()

    async def make_ready(self, parcel: Parcel) -> HandOver:
        async def hand_over() -> str:
            self.begins.set()
            await self.opens.wait()
            return parcel.message.text

        return hand_over


async def test_nothing_is_begun_after_the_word_to_stop() -> None:
    begun: list[str] = []
    may_end = asyncio.Event()

    async def work(conversation_id: str) -> None:
        begun.append(conversation_id)
        await may_end.wait()

    workers = Workers(work, lambda _: [])
    workers.wake("first")
    await asyncio.sleep(0)
    stopping = asyncio.create_task(workers.stop(patience=10))
    await asyncio.sleep(0)
    workers.wake("first")
    workers.wake("second")
    may_end.set()
    await stopping
    assert begun == ["first"]


async def test_a_hub_that_stops_finishes_what_it_is_sending_and_leaves_the_rest_to_the_next_one(
    new_hub: NewHub, session_factory: sessionmaker[Session]
) -> None:
    post = SlowPost()
    hub = await new_hub(post)
    chat = Borrowers(hub, session_factory).join()
    with session_factory.begin() as session:
        conversation = session.get_one(Conversation, chat)
        conversation.channel, conversation.address = "post", "somewhere"
        for text in ("first", "second"):
            add_line(session, conversation, text, utc_now())
    await post.begins.wait()
    stopping = asyncio.create_task(hub._dispatch.stop())
    await asyncio.sleep(0)
    post.opens.set()
    await stopping
    with session_factory() as session:
        rows = session.query(OutboxMessage).order_by(OutboxMessage.id)
        assert [(row.state, row.external_id) for row in rows] == [("sent", "first"), ("pending", None)]
