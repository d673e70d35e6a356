"""What the forms need to know, and how an answer is read. A question in the middle is never taken for an answer."""

import asyncio
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.base import BorrowerAction, Events, open_turn
from actions.loans import account_named_now, is_unknown_loan, loan_button, mentioned_account
from actions.requests import deferral_request, restructuring_request
from actions.turn import Turn
from respite.loan_books import LoanBookError
from respite.plans.eligibility import refusals
from respite.policies.model import PlanKind
from respite.store.loan_book import LoanAccount

ANSWERS = {
    "inform",
    "affirm",
    "deny",
    "request_deferral",
    "request_restructure",
    "report_hardship",
    "promise_to_pay",
    "nlu_fallback",
}


class LoanForm(FormValidationAction, ABC):
    """A form about one of the borrower's loans.

    It asks for nothing where there is nothing to ask: no verified borrower, nothing owed, a loan number that is not
    theirs, a plan they may not have, or a loan book that does not answer. The action behind the form then says so.
    """

    slot: str
    kind: PlanKind | None = None
    """The plan that the form is for, where it is for one."""

    @abstractmethod
    def name(self) -> str:
        """Rasa's name of the validation: `validate_` and the name of the form."""

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        try:
            return await asyncio.to_thread(self._required_slots, dispatcher, tracker)
        except LoanBookError:
            return []

    def _required_slots(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[str]:
        with open_turn(dispatcher, tracker) as turn:
            if turn.borrower is None or not turn.accounts or is_unknown_loan(turn):
                return []
            if len(turn.accounts) == 1:
                return self.slots_about(turn.accounts[0])
            account = mentioned_account(turn)
            return ["loan_reference", *(self.slots_about(account) if account else [self.slot])]

    def slots_about(self, account: LoanAccount) -> list[str]:
        """What is to be asked about one loan."""
        return [] if self.kind and refusals(account, self.kind) else [self.slot]

    async def extract_loan_reference(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        try:
            return await asyncio.to_thread(self._extract_loan_reference, dispatcher, tracker)
        except LoanBookError:
            return {}

    def _extract_loan_reference(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> dict[str, Any]:
        with open_turn(dispatcher, tracker) as turn:
            named = account_named_now(turn) if turn.borrower else None
            return {"loan_reference": named.reference} if named else {}

    def reads_answer(self, tracker: Tracker) -> bool:
        return tracker.get_intent_of_latest_message() in ANSWERS


class ValidateDeferralForm(LoanForm):
    slot = "deferral_until"
    kind = PlanKind.DEFERRAL

    def name(self) -> str:
        return "validate_deferral_form"

    async def extract_deferral_until(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        request = deferral_request(tracker) if self.reads_answer(tracker) else None
        return {"deferral_until": request.as_slot()} if request else {}


class ValidateRestructuringForm(LoanForm):
    slot = "restructuring_size"
    kind = PlanKind.RESTRUCTURING

    def name(self) -> str:
        return "validate_restructuring_form"

    async def extract_restructuring_size(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        request = restructuring_request(tracker) if self.reads_answer(tracker) else None
        return {"restructuring_size": request.as_slot()} if request else {}


class ValidatePromiseForm(LoanForm):
    slot = "promise_date"

    def name(self) -> str:
        return "validate_promise_form"

    async def extract_promise_date(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        day = next(tracker.get_latest_entity_values("date"), None) if self.reads_answer(tracker) else None
        return {"promise_date": day} if day else {}


class AskLoanReference(BorrowerAction):
    """Any form asks: which of your loans?"""

    def name(self) -> str:
        return "action_ask_loan_reference"

    def answer(self, turn: Turn) -> Events:
        turn.say("utter_ask_which_loan", buttons=[loan_button(turn, account, "inform") for account in turn.accounts])
        return []
