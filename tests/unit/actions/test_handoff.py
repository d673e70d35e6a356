"""Fetching a person in the chat: where one stands, when somebody is there, a call instead, and never mind."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from respite.clock import utc_now
from respite.identity.verification import begin
from respite.policies.load import policy
from respite.policies.support import Weekday
from respite.staff.accounts import Profile, add
from respite.staff.roles import StaffRole
from respite.store.models import Handoff, OutreachPause, SupportCase, Verification, VulnerabilityFlag
from respite.store.session import transaction
from respite.support.presence import stay_present
from respite.support.returning import return_to_bot
from respite.support.takeover import claim
from tests.databases import ON_SQLITE
from tests.unit.actions.conftest import Hours
from tests.unit.actions.talk import Chat, Reply, chat_as

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("open_store")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
LINE = "You are number 1 in line."


@pytest.fixture
def opens_in_two_days(hours: Hours) -> datetime:
    """The desk is closed; the moment at which it opens next."""
    day = utc_now().astimezone(SHANGHAI).date() + timedelta(days=2)
    hours([{"days": [str(tuple(Weekday)[day.weekday()])], "begin": "09:00", "end": "17:00"}])
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def ask(chat: Chat, **entities: str) -> Reply:
    [reply] = chat.run("action_request_human", **entities)
    return reply


def handoff_of(chat: Chat) -> Handoff:
    with transaction() as session:
        query = select(Handoff).where(Handoff.conversation_id == chat.conversation_id)
        return session.scalars(query.order_by(Handoff.id.desc()).limit(1)).one()


def titles(reply: Reply) -> list[str]:
    return [button["title"] for button in reply.buttons]


def payloads(reply: Reply) -> list[str]:
    return [button["payload"] for button in reply.buttons]


@pytest.mark.usefixtures("is_open")
class TestOpen:
    @pytest.mark.parametrize("profile", ["late", None])
    def test_one_word_is_enough_verified_or_not(self, profile: str | None) -> None:
        chat = chat_as(profile)
        reply = ask(chat)
        assert (reply.response, titles(reply)) == ("utter_human_requested", ["Never mind"])
        assert handoff_of(chat).reference in reply.text
        assert LINE in reply.text
        assert handoff_of(chat).reason == "asked"

    def test_asked_again_only_the_place_is_said(self) -> None:
        chat = chat_as("late")
        first, again = ask(chat), ask(chat)
        assert again.response == "utter_human_waiting"
        assert handoff_of(chat).reference in again.text
        assert again.text != first.text

    def test_the_place_is_counted_and_the_wait_only_told_where_it_is_known(self) -> None:
        ask(chat_as("late"))
        assert "You are number 2 in line." in ask(chat_as("late")).text
        with transaction() as session:
            lin = add(session, "lin", Profile("Lin", StaffRole.AGENT, capacity=50), "system", utc_now())
            stay_present(session, lin, utc_now())
        for minutes in range(1, 7):
            chat = chat_as(None)
            ask(chat)
            with transaction() as session:
                claim(session, chat.conversation_id, lin, utc_now() - timedelta(minutes=minutes))
        assert "which should take about 60 minutes" in ask(chat_as("late")).text

    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_never_mind_leaves_the_queue(self, language: str) -> None:
        chat = chat_as("late", language)
        ask(chat)
        assert chat.said("action_cancel") == ["utter_wait_cancelled"]
        assert handoff_of(chat).outcome == "cancelled"
        assert chat.said("action_cancel") == ["utter_cancelled"]

    def test_never_mind_is_about_the_plan_where_one_is_on_the_screen(self) -> None:
        chat = chat_as("due_soon")
        ask(chat)
        chat.slots["deferral_until"] = {"days": 14, "until": None}
        chat.run("action_quote_deferral")
        assert chat.said("action_cancel") == ["utter_cancelled"]
        assert handoff_of(chat).state == "waiting"
        [reply] = chat.run("action_cancel", handoff_reference=handoff_of(chat).reference)
        assert reply.response == "utter_wait_cancelled"

    def test_a_wish_beyond_the_bots_authority_is_carried_to_the_person(self) -> None:
        chat = chat_as("late")
        chat.slots["deferral_until"] = {"days": 40, "until": None}
        refused = chat.run("action_quote_deferral")
        [beyond] = [reply for reply in refused if reply.response == "utter_person_may_grant"]
        assert payloads(beyond) == ['/request_human{"handoff_reason": "beyond_authority"}']
        ask(chat, handoff_reason="beyond_authority")
        assert (handoff_of(chat).reason, handoff_of(chat).skill) == ("beyond_authority", "hardship")

    def test_not_understood_twice_calls_a_person(self) -> None:
        chat = chat_as("late")
        assert chat.said("action_ask_to_clarify") == ["utter_please_rephrase"]
        assert chat.said("action_ask_to_clarify") == ["utter_still_not_understood", "utter_human_requested"]
        assert handoff_of(chat).reason == "not_understood"
        assert chat.said("action_ask_to_clarify") == ["utter_please_rephrase"]
        assert chat.said("action_ask_to_clarify") == ["utter_please_rephrase"], "who waits already is called nobody"


class TestClosed:
    def test_it_says_once_when_somebody_is_there_and_offers_a_call(self, opens_in_two_days: datetime) -> None:
        chat = chat_as("late")
        reply = ask(chat)
        assert reply.response == "utter_human_closed"
        assert handoff_of(chat).reference in reply.text
        assert "at 09:00" in reply.text
        assert len(reply.buttons) == 4
        assert titles(reply)[0].endswith("09:00 to 11:00")
        assert ask(chat).response == "utter_human_waiting_closed"
        assert ask(chat).buttons == ()

    def test_in_chinese_too(self, opens_in_two_days: datetime) -> None:
        reply = ask(chat_as("late", "zh"))
        assert "09:00上班" in reply.text
        assert titles(reply)[-1] == "不用了"

    @pytest.mark.parametrize("action", ["action_make_complaint", "action_dispute_bill", "action_report_distress"])
    def test_whatever_is_passed_on_is_seen_to_when_somebody_is_there(
        self, opens_in_two_days: datetime, action: str
    ) -> None:
        [_, reply] = chat_as("late").run(action)
        assert reply.response == "utter_staff_are_back"
        assert "at 09:00" in reply.text

    def test_the_deadline_counts_from_the_opening(self, opens_in_two_days: datetime) -> None:
        chat = chat_as("late")
        ask(chat)
        assert handoff_of(chat).due_at == opens_in_two_days + timedelta(minutes=30)

    def test_a_time_for_a_call_is_kept(self, opens_in_two_days: datetime) -> None:
        chat = chat_as("late")
        ask(chat)
        reply = ask(chat, callback_time=opens_in_two_days.isoformat())
        assert reply.response == "utter_callback_kept"
        assert "between 09:00 and 11:00" in reply.text
        assert handoff_of(chat).callback_at == opens_in_two_days
        assert ask(chat).response == "utter_callback_kept"

    def test_a_time_that_nobody_waits_for_any_more_is_said_to_be_over(self, opens_in_two_days: datetime) -> None:
        chat = chat_as("late")
        assert ask(chat, callback_time=opens_in_two_days.isoformat()).response == "utter_wait_is_over"


@pytest.mark.usefixtures("is_open")
class TestOtherTriggers:
    def test_distress_is_urgent_and_seen_by_staff(self) -> None:
        chat = chat_as("late")
        chat.run("action_report_distress")
        assert (handoff_of(chat).reason, handoff_of(chat).priority) == ("distress", "urgent")
        with transaction() as session:
            assert session.scalars(select(VulnerabilityFlag.reason)).all() == ["distress"]
            assert session.scalars(select(OutreachPause.reason)).all() == ["distress"]

    @pytest.mark.parametrize("kind", ["complaint", "dispute"])
    def test_a_complaint_and_a_dispute_have_a_case_and_a_person(self, kind: str) -> None:
        chat = chat_as("late")
        chat.run("action_make_complaint" if kind == "complaint" else "action_dispute_bill", text="You shouted at me")
        assert handoff_of(chat).reason == kind
        with transaction() as session:
            case = session.scalars(select(SupportCase)).one()
            assert (case.kind, case.statement) == (kind, "You shouted at me")
            assert session.scalars(select(OutreachPause.reason)).all() == [kind]

    def test_somebody_who_is_locked_out_is_seen_by_a_person(self) -> None:
        chat = chat_as(None)
        with transaction() as session:
            begin(session, chat.conversation_id, utc_now())
            row = session.get_one(Verification, chat.conversation_id)
            row.state, row.locked_until = "locked", utc_now() + timedelta(hours=1)
        [reply] = chat.run("action_verify_identity")
        assert reply.response == "utter_verify_locked"
        assert handoff_of(chat).reference in reply.text
        assert (handoff_of(chat).reason, handoff_of(chat).priority) == ("identity", "high")

    def test_distress_while_waiting_makes_the_same_request_urgent(self) -> None:
        chat = chat_as("late")
        ask(chat)
        reference = handoff_of(chat).reference
        chat.run("action_report_distress")
        assert (handoff_of(chat).reference, handoff_of(chat).priority) == (reference, "urgent")


@pytest.mark.usefixtures("is_open")
class TestAfterAPerson:
    def ended(self) -> Chat:
        chat = chat_as("late")
        ask(chat)
        with transaction() as session:
            lin = add(session, "lin", Profile("Lin", StaffRole.AGENT), "system", utc_now())
            claim(session, chat.conversation_id, lin, utc_now())
            return_to_bot(session, chat.conversation_id, lin, wrap_up="answered", policy=policy(), now=utc_now())
        return chat

    def test_the_bot_begins_afresh_and_says_nothing(self) -> None:
        chat = self.ended()
        chat.form = "deferral_form"
        chat.slots |= {"deferral_until": {"days": 5}, "misunderstood": 1, "confirmation_asked": "human"}
        assert chat.run("action_begin_afresh") == []
        assert chat.form is None
        assert [chat.slots[slot] for slot in ("deferral_until", "misunderstood", "confirmation_asked")] == [None] * 3

    def test_yes_afterwards_calls_nobody_again(self) -> None:
        chat = self.ended()
        chat.slots["confirmation_asked"] = "human"
        chat.run("action_begin_afresh")
        assert chat.said("action_affirm", text="/affirm") == ["utter_affirm_nothing"]
        assert handoff_of(chat).state == "closed"

    def test_a_rating_is_thanked_for_and_kept_once(self) -> None:
        chat = self.ended()
        for score in ("5", "1"):
            said = chat.said("action_rate_conversation", rating=score, handoff_reference=handoff_of(chat).reference)
            assert said == ["utter_rating_thanks"]
        assert handoff_of(chat).rating == 5
