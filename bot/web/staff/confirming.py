"""Asking signed-in members for their password again, before a change that matters."""

from math import ceil

import anyio.to_thread

from bot.transactions import in_store
from bot.web.staff.console import console
from bot.web.staff.doors import HASHED_AT_ONCE
from bot.web.staff.texts import say
from respite.staff import sign_in
from respite.staff.passwords import check_password
from respite.staff.sign_in import TooSoon
from respite.store.models import StaffMember


async def objection_to(member: StaffMember, password: str) -> str:
    """What stands against a member's password, in words for them; nothing where it is right. Each try counts."""
    now = console().clock.now()
    attempt = await in_store(lambda session: sign_in.begin(session, member.login, None, now))
    if isinstance(attempt, TooSoon):
        return say("Too many tries. Try again in %(minutes)s min.", minutes=ceil((attempt.again_at - now).seconds / 60))
    password_hash = attempt.password_hash
    check = await anyio.to_thread.run_sync(check_password, password, password_hash, limiter=HASHED_AT_ONCE)
    is_right = await in_store(lambda session: sign_in.confirm(session, attempt, check, now))
    return "" if is_right else say("This is not your present password.")
