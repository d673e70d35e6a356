"""Figures for the dashboards, read in a thread. Those that need the whole loan book are kept for some minutes."""

from datetime import date, datetime
from functools import lru_cache

import anyio.to_thread

from bot.transactions import from_store
from bot.web.staff.console import console
from respite.policies.load import policy
from respite.reports.containment import Containment, containment
from respite.reports.defaults import DefaultsReport, defaults
from respite.reports.delinquency import DelinquencyReport, delinquency
from respite.reports.periods import Period
from respite.reports.plans import PlansReport, plans
from respite.reports.queue import QueueNow, queue_now
from respite.reports.service import ServiceReport, service
from respite.store.session import reading

KEPT_MINUTES = 10
KEPT = 32
"""How many answers about the whole loan book are kept at once."""


def now() -> datetime:
    return console().clock.now()


async def queue() -> QueueNow:
    at = now()
    return await from_store(lambda session: queue_now(session, at))


async def service_in(period: Period) -> ServiceReport:
    at = now()
    return await from_store(lambda session: service(session, policy(), period, at))


async def containment_in(period: Period) -> Containment:
    return await from_store(lambda session: containment(session, policy(), period))


async def plans_in(period: Period) -> PlansReport:
    return await from_store(lambda session: plans(session, policy(), period))


async def delinquency_in(period: Period) -> DelinquencyReport:
    return await anyio.to_thread.run_sync(_delinquency, period, *_today())


async def defaults_in(before: Period, after: Period) -> DefaultsReport:
    return await anyio.to_thread.run_sync(_defaults, before, after, *_today())


def _today() -> tuple[date, int]:
    """The business date, and the span of minutes for which an answer about it is kept."""
    return console().clock.business_date(), int(now().timestamp()) // (KEPT_MINUTES * 60)


@lru_cache(KEPT)
def _delinquency(period: Period, today: date, _: int) -> DelinquencyReport:
    with reading() as session:
        return delinquency(session, policy(), period, today)


@lru_cache(KEPT)
def _defaults(before: Period, after: Period, today: date, _: int) -> DefaultsReport:
    with reading() as session:
        return defaults(session, policy(), before, after, today)
