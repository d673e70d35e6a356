"""What the risk signals look at, gathered from the store."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from respite.identity.limits import Visitor, note
from respite.identity.risk.gathering import gather
from respite.identity.risk.signals import Facts
from respite.identity.verification import begin, check_code, request_code, vouched_for
from respite.policies.load import policy
from respite.store.encryption import cipher
from respite.store.models import Borrower, Conversation, InboxMessage
from tests.unit.identity.conftest import NOW, OTHER_PHONE, PHONE, Phone, add_borrower, new_chat, sign_in

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
HOME, OFFICE = "203.0.113.7", "198.51.100.9"


def facts_in(session: Session, chat: str, borrower: Borrower, now: datetime = NOW, new_phone: str = "") -> Facts:
    conversation = session.get_one(Conversation, chat)
    return gather(session, conversation, borrower, policy(), now, new_phone=new_phone or None)


def write(session: Session, chat: str, at: datetime) -> None:
    session.add(
        InboxMessage(
            conversation_id=chat, channel="web", external_id=uuid4().hex, content="hi", received_at=at, state="answered"
        )
    )


def test_a_chat_and_an_address_are_new_until_a_day_after_the_first_sign_in_from_them(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone, address=HOME)
    first = facts_in(session, chat, mei)
    known = facts_in(session, chat, mei, NOW + DAY + HOUR)
    assert (first.is_new_chat, first.is_new_address) == (True, True)
    assert (known.is_new_chat, known.is_new_address) == (False, False)


def test_another_chat_at_home_is_new_and_its_address_is_not(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone, NOW - 2 * DAY, address=HOME)
    laptop, abroad = new_chat(session), new_chat(session)
    sign_in(session, laptop, phone, address=HOME)
    sign_in(session, abroad, phone, address=OFFICE)
    at_home, away = facts_in(session, laptop, mei), facts_in(session, abroad, mei)
    assert (at_home.is_new_chat, at_home.is_new_address) == (True, False)
    assert (away.is_new_chat, away.is_new_address) == (True, True)


def test_a_channel_without_internet_addresses_has_no_new_one(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    sign_in(session, chat, phone)
    found = facts_in(session, chat, mei)
    assert (found.is_new_address, found.numbers_from_address, found.addresses_for_number) == (False, 0, 0)


def test_somebody_elses_sign_in_makes_no_chat_or_address_known(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    lin = add_borrower(session, "B-LIN", OTHER_PHONE)
    sign_in(session, chat, phone, NOW - 2 * DAY, address=HOME)
    elsewhere = new_chat(session)
    sign_in(session, elsewhere, phone, number=OTHER_PHONE, address=HOME)
    assert facts_in(session, elsewhere, lin).is_new_address


def test_a_sign_in_that_failed_makes_no_chat_known(session: Session, chat: str, mei: Borrower, phone: Phone) -> None:
    begin(session, chat, NOW - 2 * DAY)
    request_code(session, chat, PHONE, NOW - 2 * DAY, phone, HOME)
    check_code(session, chat, phone.wrong_code, policy(), NOW - 2 * DAY, HOME)
    assert facts_in(session, chat, mei).is_new_chat


def test_a_new_number_does_not_make_a_known_chat_new(session: Session, chat: str, mei: Borrower, phone: Phone) -> None:
    sign_in(session, chat, phone, NOW - 2 * DAY, address=HOME)
    mei.phone, mei.phone_index = OTHER_PHONE, cipher().blind_index(OTHER_PHONE)
    found = facts_in(session, chat, mei)
    assert (found.is_new_chat, found.is_new_address) == (False, False)


def test_numbers_from_an_address_and_addresses_for_a_number_are_counted_over_a_day(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    def ask(number: str, address: str, at: datetime) -> None:
        note(session, Visitor(chat, cipher().blind_index(number), cipher().blind_index(address)), "code_requested", at)

    for place in range(3):
        ask(f"+861390000000{place}", HOME, NOW - HOUR)
        ask(PHONE, f"192.0.2.{place}", NOW - HOUR)
    ask("+8613900000009", HOME, NOW - DAY - HOUR)
    ask(PHONE, "192.0.2.9", NOW - DAY - HOUR)
    ask("+8613900000001", HOME, NOW - 2 * HOUR)
    sign_in(session, chat, phone, address=HOME)
    found = facts_in(session, chat, mei)
    assert (found.numbers_from_address, found.addresses_for_number) == (3 + 1, 3 + 1)


def test_codes_asked_for_and_wrong_ones_count_for_an_hour_wherever_they_were_typed(
    session: Session, chat: str, mei: Borrower, phone: Phone
) -> None:
    elsewhere = new_chat(session)
    for at in (NOW - 2 * HOUR, NOW - HOUR / 2):
        begin(session, elsewhere, at)
        request_code(session, elsewhere, PHONE, at, phone)
        check_code(session, elsewhere, phone.wrong_code, policy(), at)
    sign_in(session, chat, phone)
    assert facts_in(session, chat, mei).attempts == 3


@pytest.mark.parametrize(
    ("hours", "now", "distance"),
    [((9, 13), 9, 0), ((9, 13), 11, 2), ((9, 13), 3, 6), ((23,), 1, 2), ((1,), 22, 3), ((12,), 0, 12)],
)
def test_hours_are_counted_round_the_clock_of_the_lender(
    session: Session, chat: str, mei: Borrower, hours: tuple[int, ...], now: int, distance: int
) -> None:
    midnight_in_shanghai = datetime.fromisoformat("2026-11-22T00:00:00+08:00")
    vouched_for(session, chat, mei.id, NOW)
    for days in range(1, 13):
        for hour in hours:
            write(session, chat, midnight_in_shanghai + hour * HOUR - days * DAY)
    found = facts_in(session, chat, mei, midnight_in_shanghai + now * HOUR)
    assert found.hours_from_usual == distance
    assert found.days_of_history in (11, 12)


def test_what_was_written_today_is_no_habit(session: Session, chat: str, mei: Borrower) -> None:
    vouched_for(session, chat, mei.id, NOW)
    write(session, chat, NOW - HOUR)
    found = facts_in(session, chat, mei)
    assert (found.days_of_history, found.hours_from_usual) == (0, 0)


def test_a_language_is_another_one_unless_it_is_on_file_or_spoken_in_another_chat(
    session: Session, mei: Borrower
) -> None:
    in_chinese, in_english = new_chat(session, "zh-Hant"), new_chat(session, "en")
    assert not facts_in(session, in_chinese, mei).is_other_language
    assert facts_in(session, in_english, mei).is_other_language
    vouched_for(session, in_english, mei.id, NOW)
    assert not facts_in(session, new_chat(session, "en"), mei).is_other_language


@pytest.mark.parametrize(
    ("number", "is_other"), [("+8613900000001", False), ("+85291234567", True), ("+447700900123", True)]
)
def test_the_country_of_a_new_number_is_compared_with_that_of_the_old_one(
    session: Session, chat: str, mei: Borrower, number: str, is_other: bool
) -> None:
    assert facts_in(session, chat, mei, new_phone=number).is_other_country is is_other
