"""A small look-alike of Apache Fineract on a real port: loans, payments, re-ageing; slow, broken or silent at will."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import simplejson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from respite.lending.instalments import Schedule
from tests.channels.servers import Server

TENANT = "Fineract-Platform-TenantId"
SIGNED_IN = "Basic bWlmb3M6cGFzc3dvcmQ="  # mifos, password
PREFIX = "/fineract-provider/api/v1"


@dataclass
class CoreLoan:
    """One loan in the look-alike's books."""

    id: int
    annual_rate: Decimal
    contract: Schedule
    transactions: list[dict[str, Any]] = field(default_factory=list)

    def pay(self, number: int, on: date, amount: Decimal, kind: str = "repayment") -> None:
        self.record(number, on, kind, amount=amount)

    def reverse(self, number: int, on: date) -> None:
        [transaction] = [each for each in self.transactions if each["id"] == number]
        transaction |= {"manuallyReversed": True, "reversedOnDate": as_list(on)}

    def record(self, number: int, on: date, kind: str, **more: Any) -> dict[str, Any]:
        transaction = {
            "id": number,
            "date": as_list(on),
            "type": {"id": 0, "code": f"loanTransactionType.{kind}", "value": kind, kind: True},
            "manuallyReversed": False,
        } | more
        self.transactions.append(transaction)
        return transaction


class CoreBanking:
    """The look-alike. A test says what a re-ageing would come to, and how well the network does.

    `would_leave_due`: what a re-ageing would leave unpaid on each instalment before it begins.
    `answers_after`: seconds until an answer. `lost_answers`: how many commands are carried out and never answered.
    `broken`: every request ends in an error of the server.
    """

    def __init__(self, today: date) -> None:
        self.today = today
        self.loans: dict[int, CoreLoan] = {}
        self.would_re_age_to: Schedule | None = None
        self.would_leave_due = Decimal(0)
        self.answers_after = 0.0
        self.lost_answers = 0
        self.broken = False
        self.asked: list[str] = []
        self._answered: dict[tuple[str, str], Response] = {}
        routes = [
            Route(f"{PREFIX}/loans/{{loan:int}}", self._tell),
            Route(f"{PREFIX}/loans/{{loan:int}}/transactions/reage-preview", self._preview),
            Route(f"{PREFIX}/loans/{{loan:int}}/transactions", self._command, methods=["POST"]),
        ]
        self._app = Starlette(routes=routes)
        self.server = Server(self._answer, {"interface": "asgi3"})
        self.url = f"{self.server.url}{PREFIX}"

    def re_ageings(self, loan: int) -> list[dict[str, Any]]:
        """The re-ageings of a loan that are in force."""
        return [
            each for each in self.loans[loan].transactions if each["type"].get("reAge") and not each["manuallyReversed"]
        ]

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.asked.append(f"{scope['method']} {scope['path'].removeprefix(PREFIX)}")
        await asyncio.sleep(self.answers_after)
        if self.broken:
            await respond({"defaultUserMessage": "Something went wrong."}, 500)(scope, receive, send)
        elif scope["method"] == "POST" and self.lost_answers:
            self.lost_answers -= 1
            await self._app(scope, receive, _hang_up(send))
        else:
            await self._app(scope, receive, send)

    async def _tell(self, request: Request) -> Response:
        return self._for(request, self._loan_as_told)

    async def _preview(self, request: Request) -> Response:
        return self._for(request, self._schedule_when_re_aged)

    async def _command(self, request: Request) -> Response:
        body = simplejson.loads(await request.body())
        command, key = request.query_params["command"], request.headers["Idempotency-Key"]
        if (command, key) in self._answered:
            return self._answered[command, key]
        commands: dict[str, Callable[[CoreLoan], Any]] = {
            "reAge": lambda loan: self._re_age(loan, body),
            "undoReAge": self._undo_re_age,
        }
        answer = self._for(request, commands[command])
        self._answered[command, key] = answer
        return answer

    def _for(self, request: Request, make: Callable[[CoreLoan], Any]) -> Response:
        if request.headers.get("Authorization") != SIGNED_IN or TENANT not in request.headers:
            return respond({"defaultUserMessage": "Unauthenticated."}, 401)
        loan = self.loans.get(request.path_params["loan"])
        if loan is None:
            return respond({"defaultUserMessage": "Loan does not exist."}, 404)
        try:
            return respond(make(loan), 200)
        except ValueError as refused:
            return respond({"defaultUserMessage": str(refused)}, 403)

    def _loan_as_told(self, loan: CoreLoan) -> dict[str, Any]:
        disbursed = {"dueDate": as_list(loan.contract.start or self.today), "principalDisbursed": 1}
        schedule = self._re_aged() if self.re_ageings(loan.id) else loan.contract
        return {
            "id": loan.id,
            "status": {"active": True},
            "annualInterestRate": loan.annual_rate,
            "repaymentSchedule": {"periods": [disbursed, *_periods(schedule)]},
            "transactions": loan.transactions,
        }

    def _schedule_when_re_aged(self, loan: CoreLoan) -> dict[str, Any]:
        begun = [line for line in loan.contract if line.due < self._re_aged()[0].due]
        before = [
            period | {"totalOutstandingForPeriod": self.would_leave_due}
            for period in _periods(Schedule(tuple(begun), loan.contract.start))
        ]
        return {"periods": before + _periods(self._re_aged())}

    def _re_aged(self) -> Schedule:
        assert self.would_re_age_to is not None
        return self.would_re_age_to

    def _re_age(self, loan: CoreLoan, body: dict[str, Any]) -> dict[str, Any]:
        expected = self._re_aged()
        if (body["startDate"], body["numberOfInstallments"]) != (expected[0].due.isoformat(), len(expected)):
            raise ValueError("The test did not say what that would come to.")
        if self.re_ageings(loan.id):
            raise ValueError("Loan reaging can only be done once a day.")
        number = 9_000 + len(loan.transactions)
        loan.record(number, self.today, "reAge", externalId=body["externalId"], amount=Decimal(0))
        return {"loanId": loan.id, "resourceId": number}

    def _undo_re_age(self, loan: CoreLoan) -> dict[str, Any]:
        latest = self.re_ageings(loan.id)[-1]
        if any(each["id"] > latest["id"] and each["type"].get("repayment") for each in loan.transactions):
            raise ValueError("Undoing a reaging can only be done if there hasn't been any repayment afterwards.")
        latest["manuallyReversed"] = True
        return {"loanId": loan.id, "resourceId": latest["id"]}


def respond(content: Any, status: int) -> Response:
    return Response(simplejson.dumps(content, use_decimal=True), status, media_type="application/json")


def as_list(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def _periods(schedule: Schedule) -> list[dict[str, Any]]:
    begins = [schedule.start or schedule[0].due, *(line.due for line in schedule)]
    return [
        {
            "period": line.number,
            "fromDate": as_list(begun),
            "dueDate": as_list(line.due),
            "principalDue": line.principal,
            "interestDue": line.interest,
            "feeChargesDue": line.fee,
            "penaltyChargesDue": line.carried,
        }
        for begun, line in zip(begins, schedule, strict=False)
    ]


def _hang_up(send: Send) -> Send:
    """Let the work be done, and close the connection in the middle of the answer."""

    async def send_less(message: Any) -> None:
        if message["type"] == "http.response.body":
            message = message | {"body": message["body"][:5], "more_body": True}
        await send(message)

    return send_less
