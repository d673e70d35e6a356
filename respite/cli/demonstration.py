"""A demonstration: the day it plays on, the borrowers to try, and the one-time codes that nobody is sent."""

import asyncio
from datetime import date
from pathlib import Path

from rich.table import Table
from sqlalchemy.orm import Session

from respite.cli.console import console, give_up
from respite.cli.telegram import BotError, bot_address
from respite.settings import settings
from respite.staff.demo import DEMO_STAFF, PASSWORD
from respite.store import demo_book
from respite.store.session import transaction

SECONDS_BETWEEN_LOOKS = 0.3


def environment() -> dict[str, str]:
    """The environment variables of a demonstration, which plays on the business date of its loan book."""
    with transaction() as session:
        plays_on = business_date(session)
    return {"RESPITE_DEMO": "true", "RESPITE_BUSINESS_DATE": plays_on.isoformat()}


def business_date(session: Session) -> date:
    """The day on which a demonstration plays."""
    plays_on = settings().business_date or demo_book.business_date_of(session)
    if plays_on is None:
        give_up("There is no demo loan book in the database. Run `respite seed` first.")
    return plays_on


async def show() -> None:
    """Introduce the borrowers to try, then print each one-time code as soon as it is made."""
    codes = settings().home / "demo-codes.txt"
    seen = len(_lines(codes))
    borrowers = Table("Borrowers to try", "Phone number", "", box=None)
    for borrower in demo_book.demo_borrowers("en"):
        borrowers.add_row(borrower.name, borrower.phone, borrower.what_to_try)
    console.print(borrowers, "\nThe bot asks for the phone number; the one-time code then appears here.\n")
    if settings().telegram_token:
        console.print(f"On Telegram: {await asyncio.to_thread(_bot)}\n")
    staff = Table("Staff to try", "Sign-in name", "Password", "Role", box=None)
    for member in DEMO_STAFF:
        staff.add_row(member.profile.name, member.login, PASSWORD, member.profile.role)
    console.print(staff, f"\nThe console for staff is at {settings().public_url}/staff; no code is asked for.\n")
    while True:
        for line in _lines(codes)[seen:]:
            console.print(f"[bold]{line}[/bold]")
            seen += 1
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _bot() -> str:
    try:
        return bot_address(settings())
    except BotError as error:
        return str(error)


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
