"""Ways out of trouble: finding plans, asking what a plan should be, and comparing two."""

from actions.account import say_unknown_loan
from actions.base import BorrowerAction, Events
from actions.form_steps import forget_request, leave_form
from actions.loans import account_in_question, is_unknown_loan
from actions.offering import compare, offer_plans, quote_request
from actions.requests import ANY_DEFERRAL, ANY_PLAN, ANY_RESTRUCTURING, choice_to_compare, from_slot
from actions.turn import Turn
from respite.plans.quotes import latest_quotes
from respite.plans.terms import PlanTerms


class OfferPlans(BorrowerAction):
    """Hardship, or a wish to see what is possible: the best few plans for the most urgent loan."""

    def name(self) -> str:
        return "action_offer_plans"

    def answer(self, turn: Turn) -> Events:
        account = account_in_question(turn)
        if is_unknown_loan(turn):
            say_unknown_loan(turn)
        elif account is None:
            turn.say("utter_nothing_owed")
        else:
            offer_plans(turn, account, ANY_PLAN)
        return leave_form(turn)


class AskDeferralUntil(BorrowerAction):
    """The deferral form asks: until when? The policy's deferrals stand beside the question."""

    def name(self) -> str:
        return "action_ask_deferral_until"

    def answer(self, turn: Turn) -> Events:
        account = account_in_question(turn)
        assert account is not None
        offer_plans(turn, account, ANY_DEFERRAL, "utter_ask_until_when")
        return []


class AskRestructuringSize(BorrowerAction):
    """The restructuring form asks: how many instalments, or how much a month?"""

    def name(self) -> str:
        return "action_ask_restructuring_size"

    def answer(self, turn: Turn) -> Events:
        account = account_in_question(turn)
        assert account is not None
        offer_plans(turn, account, ANY_RESTRUCTURING, "utter_ask_how_many_instalments")
        return []


class QuoteDeferral(BorrowerAction):
    """The deferral form is filled: the exact deferral, for consent."""

    def name(self) -> str:
        return "action_quote_deferral"

    def answer(self, turn: Turn) -> Events:
        asked = turn.tracker.get_slot("deferral_until")
        quote_request(turn, from_slot(asked) if asked else None, ANY_DEFERRAL, "utter_ask_until_when")
        return forget_request()


class QuoteRestructuring(BorrowerAction):
    """The restructuring form is filled: the exact restructuring, for consent."""

    def name(self) -> str:
        return "action_quote_restructuring"

    def answer(self, turn: Turn) -> Events:
        asked = turn.tracker.get_slot("restructuring_size")
        quote_request(turn, from_slot(asked) if asked else None, ANY_RESTRUCTURING, "utter_ask_how_many_instalments")
        return forget_request()


class AskPlanDifference(BorrowerAction):
    """Two plans compared in money and in time: those on the screen, or else the best or the cheapest there are."""

    interrupts = True

    def name(self) -> str:
        return "action_ask_plan_difference"

    def answer(self, turn: Turn) -> Events:
        account = account_in_question(turn)
        if account is None:
            turn.say("utter_nothing_owed")
            return []
        quotes = latest_quotes(turn.session, turn.conversation.id)
        if len(quotes) < 2:
            offer_plans(turn, account, choice_to_compare(turn.tracker))
            quotes = latest_quotes(turn.session, turn.conversation.id)
        if len(quotes) >= 2:
            compare(turn, PlanTerms.from_json(quotes[0].terms), PlanTerms.from_json(quotes[-1].terms))
        return []
