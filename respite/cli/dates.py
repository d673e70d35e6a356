"""The business date that a command works on."""

from datetime import date, datetime
from typing import Annotated

import typer

from respite.cli.console import give_up
from respite.clock import lender_clock
from respite.policies.model import Policy
from respite.settings import settings

BusinessDate = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The lender's business date; today in the lender's time zone if absent."),
]


def business_date_or_today(given: datetime | None, policy: Policy) -> date:
    """The date that was given, or else the lender's; a date that is still to come ends the command."""
    today = lender_clock(policy.lender.timezone, settings()).business_date()
    day = given.date() if given else today
    if day > today:
        give_up(f"The business date is {today}; {day} is still to come. Give that day or an earlier one.")
    return day
