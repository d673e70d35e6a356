"""The loan book that docs/loan-book.md shows, in force from the bill to the booked plan and back."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import simplejson
from sqlalchemy import delete, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from respite.loan_books.load import loan_book
from respite.settings import settings
from respite.store.models import Loan, Payment, Plan
from respite.store.session import transaction
from tests.channels.servers import Server
from tests.unit.actions.talk import Chat, chat_with
from tests.unit.plans import desk


class Acme:
    """The imaginary core banking system of the page."""

    def __init__(self) -> None:
        routes = [
            Route("/loans/{loan}", self._tell),
            Route("/loans/{loan}/plans", self._book, methods=["POST"]),
            Route("/loans/{loan}/plans/{key}/undo", self._undo, methods=["POST"]),
        ]
        self.server = Server(Starlette(routes=routes))
        self.loan: dict[str, Any] = {}

    async def _tell(self, request: Request) -> Response:
        assert request.headers["Authorization"] == "Bearer secret"
        return Response(simplejson.dumps(self.loan))

    async def _book(self, request: Request) -> Response:
        plan = simplejson.loads(await request.body()) | {"id": "A-1"}
        assert request.headers["Idempotency-Key"] == plan["key"]
        self.loan["plans"].append(plan)
        return Response(simplejson.dumps(plan))

    async def _undo(self, request: Request) -> Response:
        self.loan["plans"].clear()
        return Response("{}")


@pytest.fixture
def acme(store_url: str, own_settings: pytest.MonkeyPatch) -> Iterator[Acme]:
    system = Acme()
    page = Path("docs/loan-book.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    module = ModuleType("acme_core")
    exec(compile(example, "docs/loan-book.md", "exec"), vars(module))
    own_settings.setitem(sys.modules, "acme_core", module)
    own_settings.setenv("RESPITE_BUSINESS_DATE", desk.TODAY.isoformat())
    own_settings.setenv("RESPITE_LOAN_BOOK", "acme_core:AcmeLoanBook")
    own_settings.setenv("ACME_URL", system.server.url)
    own_settings.setenv("ACME_TOKEN", "secret")
    settings.cache_clear()
    loan_book.cache_clear()
    system.server.start()
    yield system
    system.server.stop()


@pytest.fixture
def chat(acme: Acme) -> Chat:
    """A conversation about a loan that Acme keeps, as Acme tells it."""
    loan_id = desk.lend("late")
    with desk.account(loan_id) as account:
        account.loan.external_id = "A1"
        acme.loan |= {
            "rate": account.annual_rate,
            "started": str(account.loan.started_on),
            "instalments": [
                {"due": str(line.due), "principal": line.principal, "interest": line.interest}
                for line in account.schedule
            ],
            "payments": [
                {
                    "id": f"R-{payment.reference}",
                    "day": str(payment.received_on),
                    "amount": payment.amount,
                    "reversed": None,
                }
                for payment in account.payments
            ],
            "plans": [],
        }
        borrower_id = account.loan.borrower_id
    with transaction() as session:
        session.execute(delete(Payment))
    return chat_with(borrower_id)


def test_a_plan_goes_there_and_back(acme: Acme, chat: Chat) -> None:
    chat.slots["restructuring_size"] = {"count": 12, "monthly_payment": None}
    assert chat.said("action_quote_restructuring") == ["utter_review_restructuring"]
    assert chat.said("action_affirm", text="/affirm") == ["utter_plan_booked"]
    with transaction() as session:
        plan = session.scalars(select(Plan)).one()
        [booked] = acme.loan["plans"]
        assert (plan.external_id, plan.quote_id) == ("A-1", booked["key"])
        assert [row["due"] for row in booked["instalments"]] == [row["due"] for row in plan.terms["instalments"]]
        assert sum(int(row["total"].replace(".", "")) for row in booked["instalments"]) == plan.terms["total"]
        assert session.get_one(Loan, plan.loan_id).version == 3
    assert chat.said("action_confirm_cancel_arrangement") == ["utter_plan_cancelled"]
    assert acme.loan["plans"] == []
