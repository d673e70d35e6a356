"""What the pages in docs/ show works as it stands there."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from respite.policies.load import policy
from respite.store.loan_book import accounts_of
from respite.store.models import Borrower
from respite.store.session import transaction


def test_a_lenders_own_loan_is_read_by_the_core(session_factory: sessionmaker[Session]) -> None:
    page = Path("docs/own-loans.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(example, "docs/own-loans.md", "exec"), {})
    with transaction() as session:
        borrower = session.scalars(select(Borrower).where(Borrower.reference == "B-1")).one()
        (account,) = accounts_of(session, borrower.id, policy(), date(2026, 11, 22))
    assert borrower.name == "Li Na"
    assert account.schedule.principal == Decimal(6000)
    assert [instalment.number for instalment in account.position.remaining] == [2, 3, 4, 5, 6]
    assert not account.is_overdue
