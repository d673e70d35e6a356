"""What borrowers ask a plan to be, from the words to the plan under review, and what they change about it."""

import pytest

from respite.plans.quotes import shown_quote
from respite.plans.terms import PlanTerms
from respite.policies.model import PlanKind
from respite.store.models import Conversation
from respite.store.session import transaction
from tests.databases import ON_SQLITE
from tests.unit.actions.talk import Chat, Reply, chat_as

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("open_store")]

DAY = "2026-12-15"


def under_review(chat: Chat) -> PlanTerms:
    with transaction() as session:
        quote = shown_quote(session, chat.conversation_id)
        assert quote is not None
        return PlanTerms.from_json(quote.terms)


def loans_of(chat: Chat) -> list[str]:
    with transaction() as session:
        borrower = session.get_one(Conversation, chat.conversation_id).borrower
        assert borrower is not None
        return [loan.reference for loan in borrower.loans]


def responses(replies: list[Reply]) -> list[str]:
    return [reply.response for reply in replies]


class TestAPaymentOnADay:
    @pytest.mark.parametrize("text", ["I can pay 800 on the 15th", "我15号能还800"])
    def test_less_than_what_is_due_becomes_a_plan_that_asks_for_no_more(self, text: str) -> None:
        chat = chat_as("late")
        chat.slots["promise_date"] = DAY
        replies = chat.run("action_record_promise", text=text, amount_of_money="800", date=DAY)
        assert responses(replies) == ["utter_review_restructuring"]
        terms = under_review(chat)
        assert terms.until.isoformat() == DAY
        assert terms.usual_instalment.amount <= 800

    def test_all_that_is_due_is_a_promise(self) -> None:
        chat = chat_as("late")
        chat.slots["promise_date"] = DAY
        replies = chat.run("action_record_promise", amount_of_money="2000", date=DAY)
        assert responses(replies) == ["utter_promise_recorded_late"]

    def test_where_no_plan_is_possible_the_promise_is_of_that_amount(self) -> None:
        chat = chat_as("very_late")
        chat.slots["promise_date"] = DAY
        *_, last = chat.run("action_record_promise", amount_of_money="300", date=DAY)
        assert last.response == "utter_promise_recorded_late"
        assert "300" in last.text

    def test_it_is_clear_without_anything_on_the_screen(self) -> None:
        chat = chat_as("late")
        assert responses(chat.run("action_inform", amount_of_money="800", date=DAY)) == ["utter_review_restructuring"]


class TestAPaymentEveryMonth:
    @pytest.mark.parametrize("text", ["600 a month at most", "每月最多还600"])
    def test_it_is_clear_without_anything_on_the_screen(self, text: str) -> None:
        chat = chat_as("late")
        replies = chat.run("action_inform", text=text, amount_of_money="600")
        assert responses(replies) == ["utter_review_restructuring"]
        assert under_review(chat).usual_instalment.amount <= 600

    def test_an_amount_alone_is_not(self) -> None:
        said = chat_as("late").said("action_inform", text="300", amount_of_money="300")
        assert said == ["utter_inform_out_of_context"]


class TestTheLeastInTotal:
    @pytest.mark.parametrize("text", ["which costs least", "as little as possible in total", "哪个总共还得最少"])
    def test_the_cheapest_are_shown_and_compared(self, text: str) -> None:
        chat = chat_as("late")
        shown, compared = chat.run("action_ask_plan_difference", text=text)
        assert shown.card is not None
        assert compared.response == "utter_plans_compared"
        totals = [option["lines"][4]["value"] for option in shown.card["options"]]
        assert totals == sorted(totals)

    def test_a_comparison_says_the_difference_in_money_and_in_time(self) -> None:
        chat = chat_as("due_soon")
        chat.run("action_offer_plans")
        [compared] = chat.run("action_ask_plan_difference", text="compare them")
        assert "less and is over" in compared.text
        assert "sooner" in compared.text


class TestAnotherLoan:
    def test_the_same_plan_for_the_other_loan(self) -> None:
        chat = chat_as("two_loans")
        first, second = loans_of(chat)
        chat.run("action_inform", text="the phone one in 18 instalments", instalment_count=18)
        assert under_review(chat).loan_reference == first
        chat.run("action_inform", text="no, the other loan")
        terms = under_review(chat)
        assert (terms.loan_reference, terms.count) == (second, 18)

    @pytest.mark.parametrize("text", ["no, the shopping one", "不是这笔，是购物的那笔"])
    def test_no_and_another_loan_is_not_a_refusal(self, text: str) -> None:
        chat = chat_as("two_loans")
        chat.run("action_inform", text="the phone one in 18 instalments", instalment_count=18)
        chat.run("action_deny", intent="deny", text=text)
        assert under_review(chat).loan_reference == loans_of(chat)[1]

    def test_a_choice_is_made_anew_for_the_other_loan(self) -> None:
        chat = chat_as("two_loans")
        chat.run("action_ask_deferral_until", text="the phone one")
        [shown] = chat.run("action_inform", text="the shopping one")
        assert loans_of(chat)[1] in shown.text
        assert shown.card is not None
        assert len(shown.card["options"]) > 1


class TestChangeOfMind:
    def test_next_month_instead(self) -> None:
        chat = chat_as("due_soon")
        chat.slots["deferral_until"] = {"days": 7, "until": None}
        chat.run("action_quote_deferral")
        chat.run("action_inform", text="make it next month")
        terms = under_review(chat)
        assert (terms.kind, terms.until.isoformat()) == (PlanKind.DEFERRAL, "2026-12-27")

    def test_a_part_on_a_day_instead(self) -> None:
        chat = chat_as("due_soon")
        chat.slots["deferral_until"] = {"days": 7, "until": None}
        chat.run("action_quote_deferral")
        chat.run("action_inform", amount_of_money="600", date=DAY)
        assert under_review(chat).kind is PlanKind.RESTRUCTURING


class TestRefusals:
    def test_what_a_person_may_grant_is_said_to_be_so(self) -> None:
        chat = chat_as("due_soon")
        chat.slots["deferral_until"] = {"days": 40, "until": None}
        assert responses(chat.run("action_quote_deferral")) == [
            "utter_refused_deferral_too_long",
            "utter_person_may_grant",
            "utter_ask_until_when",
        ]

    def test_what_nobody_may_grant_is_not(self) -> None:
        chat = chat_as("due_soon")
        chat.slots["deferral_until"] = {"days": 400, "until": None}
        assert "utter_person_may_grant" not in responses(chat.run("action_quote_deferral"))

    def test_who_is_too_late_is_told_what_to_pay(self) -> None:
        said = chat_as("late_in_second_month").said("action_quote_deferral")
        assert said == ["utter_refused_bucket", "utter_possible_once_paid", "utter_person_may_grant"]


def test_asking_for_a_person_ends_the_form() -> None:
    chat = chat_as("due_soon")
    chat.form = "deferral_form"
    chat.slots |= {"requested_slot": "deferral_until", "deferral_until": {"days": 7, "until": None}}
    chat.run("action_request_human")
    assert chat.form is None
    assert chat.slots["requested_slot"] is chat.slots["deferral_until"] is None
