"""The demo loan book: a few hundred invented borrowers in every situation that a lender knows.

The same people, loans and references come out every time; only the dates follow the business date. Each loan
is told by where it stands on that day (`situations`), then lived from its first day with the lending core
(`lender`, `ledger`). The borrowers go through every situation with every product of the policy, and so with
every method of repayment.
"""

from collections.abc import Iterator
from datetime import date
from itertools import cycle, islice, product
from random import Random

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.store import audit, models
from respite.store.demo_book.ledger import Ledger
from respite.store.demo_book.lender import LoanStory, lend
from respite.store.demo_book.people import Person, invent_person
from respite.store.demo_book.situations import ORDINARY, SITUATIONS, Situation
from respite.store.demo_book.visitors import VISITORS, DemoBorrower, demo_borrowers
from respite.store.encryption import cipher

__all__ = [
    "USUAL_SIZE",
    "VISITORS",
    "DemoBorrower",
    "NotADemoBookError",
    "business_date_of",
    "clear",
    "demo_borrowers",
    "holds_borrowers",
    "seed",
]

USUAL_SIZE = 240
FIRST_PHONE_NUMBER = 1001
REFERENCE_PREFIX = "DEMO-"
SEED = 2026
SEEDED = "demo_book.seeded"
COUNTS = (6, 9, 12, 18, 24)


class NotADemoBookError(Exception):
    """The store holds borrowers who were not invented."""


def seed(session: Session, policy: Policy, business_date: date, size: int = USUAL_SIZE) -> int:
    """Write the loan book of `size` borrowers into an empty store; returns the number of loans."""
    random = Random(SEED)
    ledger = Ledger(policy, business_date, random)
    loans = 0
    for number, (person, stories) in enumerate(islice(_everybody(random, policy), size), start=1):
        borrower = _borrower(number, person)
        loans += len([lend(session, ledger, borrower, story) for story in stories])
    audit.record(
        session,
        actor="system",
        action=SEEDED,
        subject="demo_book",
        details={"business_date": business_date.isoformat(), "borrowers": size},
        at=ledger.noon(business_date),
    )
    return loans


def clear(session: Session) -> None:
    """Empty every table. Raises NotADemoBookError when a borrower in it is real."""
    if session.scalar(select(exists().where(~models.Borrower.reference.startswith(REFERENCE_PREFIX)))):
        raise NotADemoBookError("The database holds borrowers who are not of the demo loan book; nothing was deleted.")
    for table in reversed(models.Base.metadata.sorted_tables):
        session.execute(delete(table))
    session.expunge_all()


def holds_borrowers(session: Session) -> bool:
    return bool(session.scalar(select(exists(models.Borrower.id))))


def business_date_of(session: Session) -> date | None:
    """The business date of the demo loan book in the store, or None when there is none."""
    details = session.scalar(select(models.AuditEntry.details).where(models.AuditEntry.action == SEEDED))
    return date.fromisoformat(details["business_date"]) if details else None


def _everybody(random: Random, policy: Policy) -> Iterator[tuple[Person, list[LoanStory]]]:
    """The visitors of a demonstration, then others without end; every fifth of them has two loans."""
    for visitor in VISITORS:
        yield visitor.person, list(visitor.loans)
    for number, (name, situation) in enumerate(cycle(product(policy.products, SITUATIONS))):
        stories = [_story(random, situation, name)]
        if number % 5 == 0:
            stories.append(_story(random, random.choice(ORDINARY), random.choice(list(policy.products))))
        yield invent_person(random, FIRST_PHONE_NUMBER + number), stories


def _story(random: Random, situation: Situation, product_name: str) -> LoanStory:
    count = random.choice(COUNTS)
    paid = {situation.is_new: 0, situation.is_settled: count}.get(True, random.randint(2, count // 2))
    return LoanStory(
        situation=situation,
        product=product_name,
        principal=random.randrange(2_000, 20_000, 100),
        count=count,
        paid=paid,
        due=random.choice(situation.due),
    )


def _borrower(number: int, person: Person) -> models.Borrower:
    return models.Borrower(
        reference=f"{REFERENCE_PREFIX}{number:05}",
        name=person.name,
        phone=person.phone,
        phone_index=cipher().blind_index(person.phone),
        language=person.language,
    )
