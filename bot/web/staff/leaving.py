"""Closing pages whose session has ended: whoever looks at them is sent to sign in."""

import asyncio

import structlog
from nicegui import Client, app, background_tasks

from bot.transactions import from_store
from bot.web.staff.console import PATH, console
from bot.web.staff.visits import VISIT, visit_of
from respite.staff import sessions

SECONDS_BETWEEN_LOOKS = 1
SECONDS_TO_LEAVE = 5

log = structlog.get_logger()


def send_to_sign_in(client: Client) -> None:
    """Send a page to the sign-in, and take what it could still do away."""
    if client.storage.pop(VISIT, None):
        client.run_javascript(f'window.location.replace("{PATH}/sign-in?ended=1")')
        background_tasks.create(_delete(client), name="close a page whose session has ended")


async def close_ended_pages() -> None:
    """Send every page of this process to the sign-in whose session is over, wherever it was ended."""
    pages = {client: visit.session_id for client in list(Client.instances.values()) if (visit := visit_of(client))}
    if not pages:
        return
    now, lifetime, open_sessions = console().clock.now(), console().lifetime, set(pages.values())
    good = await from_store(lambda session: sessions.still_good(session, open_sessions, lifetime, now))
    for client, session_id in pages.items():
        if session_id not in good:
            send_to_sign_in(client)


async def _delete(client: Client) -> None:
    await asyncio.sleep(SECONDS_TO_LEAVE)
    if not client.is_deleted:
        client.delete()


async def _keep_watch() -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        try:
            await close_ended_pages()
        except Exception:
            log.exception("open pages were not looked at")


app.on_startup(_keep_watch)
