"""Sockets of clients that read no more: given up, with all that waits for them."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LAST_WORDS_SECONDS = 1


class ImpatientProtocol(WebSocketsSansIOProtocol):
    """Drops a connection whose client answers no ping, where uvicorn waits until the client has read everything.

    Sending stops while a client has more than the operating system's buffers unread, so each holds little until then.
    """

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.loop.call_later(LAST_WORDS_SECONDS, self.transport.abort)
