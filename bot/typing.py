"""Who is writing in which conversation just now. It is kept for a few seconds, in memory only."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

LASTS_SECONDS = 6
"""For how long a sign holds; whoever goes on writing gives another one sooner."""


class Typing:
    """The parties (borrower, staff) that write in each conversation; `ring` is called when that changes."""

    def __init__(self, ring: Callable[[str], None]) -> None:
        self._ring = ring
        self._fading: defaultdict[str, dict[str, asyncio.TimerHandle]] = defaultdict(dict)

    def begin(self, conversation_id: str, party: str) -> None:
        is_news = self._forget(conversation_id, party) is None
        fade = asyncio.get_running_loop().call_later(LASTS_SECONDS, self.end, conversation_id, party)
        self._fading[conversation_id][party] = fade
        if is_news:
            self._ring(conversation_id)

    def end(self, conversation_id: str, party: str) -> None:
        if self._forget(conversation_id, party):
            self._ring(conversation_id)

    def is_writing(self, conversation_id: str, party: str) -> bool:
        return party in self._fading.get(conversation_id, ())

    def _forget(self, conversation_id: str, party: str) -> asyncio.TimerHandle | None:
        fading = self._fading[conversation_id].pop(party, None)
        if fading:
            fading.cancel()
        if not self._fading[conversation_id]:
            del self._fading[conversation_id]
        return fading
