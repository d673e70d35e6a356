"""Canned replies: shipped or the lender's own, filled from the account in the borrower's language."""

import pytest

from respite.policies.load import policy
from respite.store.models import StaffMember
from respite.store.session import transaction
from respite.support.canned_replies import (
    SHIPPED,
    VARIABLES,
    CannedReplyError,
    fill,
    keep_reply,
    remove_reply,
    replies,
)
from respite.support.circumstances import Circumstances
from respite.wording import read_texts
from tests.databases import ON_SQLITE
from tests.unit.plans import desk
from tests.unit.support import crew
from tests.unit.support.crew import NOW

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("store_url")]


def filled(text: str, by: StaffMember, **talk: str) -> str:
    conversation_id = crew.taken(by, **talk)
    with transaction() as session:
        return fill(session, conversation_id, by, text, Circumstances(policy(), desk.TODAY, NOW))


def named(name: str, language: str) -> str:
    with transaction() as session:
        return next(reply.text for reply in replies(session, language) if reply.name == name)


@pytest.mark.parametrize("name", read_texts(SHIPPED))
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_every_reply_that_ships_can_be_sent_to_a_borrower_who_is_late(name: str, language: str) -> None:
    said = filled(named(name, language), crew.hire(), language=language, profile="late")
    assert "{" not in said


def test_values_are_those_of_the_account_in_the_borrowers_language() -> None:
    text = "{name}: {amount_due}, {due_date}, {days_past_due}"
    assert filled(text, crew.hire(), profile="late") == "Conversation Tester: CN¥1,110.94, 2 November 2026, 20 days"
    told = filled(text, crew.hire(), language="zh-Hant", profile="late")
    assert told == "Conversation Tester: ¥1,110.94, 2026年11月2日, 20天"


def test_the_words_go_out_in_the_script_that_is_read() -> None:
    assert filled("您的账单：{amount_due}", crew.hire(), language="zh-Hant", profile="late") == "您的帳單：¥1,110.94"


def test_a_value_that_is_not_there_is_not_invented() -> None:
    with pytest.raises(CannedReplyError, match="no value for overdue"):
        filled("{overdue}", crew.hire(), profile="due_soon")


def test_nothing_of_an_account_is_told_to_a_stranger() -> None:
    with pytest.raises(CannedReplyError, match="no value for name, amount_due"):
        filled("{name}: {amount_due}", crew.hire())


class TestOwnReplies:
    def keep(self, name: str, text: str, by: StaffMember) -> None:
        with transaction() as session:
            keep_reply(session, name, "en", text, by, NOW)

    def test_the_lenders_own_takes_the_place_of_one_that_ships(self) -> None:
        wei = crew.supervisor()
        self.keep("goodbye", "Take care, {name}.", wei)
        assert named("goodbye", "en") == "Take care, {name}."
        assert named("goodbye", "zh-Hans").startswith("{name}")
        with transaction() as session:
            remove_reply(session, "goodbye", "en", wei, NOW)
        assert named("goodbye", "en").startswith("Thank you for talking to me")
        assert crew.trail("canned_reply_kept", "canned_reply_removed") == ["canned_reply_kept", "canned_reply_removed"]

    def test_it_is_changed_by_being_kept_again(self) -> None:
        wei = crew.supervisor()
        for text in ("One", "Two"):
            self.keep("numbers", text, wei)
        with transaction() as session:
            assert [reply.text for reply in replies(session, "en") if reply.name == "numbers"] == ["Two"]

    @pytest.mark.parametrize(
        ("text", "why"),
        [("{surname}", "no variable surname"), ("{name", "brace is open"), ("", "between"), ("{}", "no variable")],
    )
    def test_a_reply_that_could_not_be_filled_is_not_kept(self, text: str, why: str) -> None:
        with pytest.raises(CannedReplyError, match=why):
            self.keep("odd", text, crew.supervisor())

    def test_every_variable_can_be_used(self) -> None:
        self.keep("all", " ".join(f"{{{name}}}" for name in VARIABLES), crew.supervisor())
