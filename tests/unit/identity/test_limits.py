"""How often codes may be asked for: whoever guesses, or floods a phone, is slowed down and learns nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session, sessionmaker

from respite.identity.challenges import ATTEMPTS, State, VerificationStatus
from respite.identity.codes import OneTimeCode
from respite.identity.limits import CODES_AN_HOUR_FOR_NUMBER, CODES_AN_HOUR_FROM_ADDRESS, DAY, Visitor, lock_span, note
from respite.identity.verification import begin, check_code, request_code
from respite.policies.load import policy
from respite.store.encryption import cipher
from respite.store.models import Borrower
from respite.support.conversations import open_conversation
from tests.unit.identity.conftest import NOW, PHONE

MINUTE = timedelta(minutes=1)
HOME, OFFICE = "203.0.113.7", "198.51.100.9"


def new_chat(session: Session) -> str:
    chat = open_conversation(session, "web", uuid4().hex, "en", NOW).id
    begin(session, chat, NOW)
    return chat


def number(place: int) -> str:
    return f"+86139{place:08}"


class Desk:
    """Asks for codes in one store and counts what is sent."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.sent: list[OneTimeCode] = []

    def ask(
        self, phone: str = PHONE, chat: str = "", address: str | None = None, now: datetime = NOW
    ) -> VerificationStatus:
        chat = chat or new_chat(self.session)
        return request_code(self.session, chat, phone, now, self.sent.append, address)

    def guess_until_locked(self, chat: str, now: datetime) -> VerificationStatus:
        self.ask(chat=chat, now=now)
        wrong = "000000" if self.sent[-1].code != "000000" else "000001"
        return [check_code(self.session, chat, wrong, policy(), now) for _ in range(ATTEMPTS)][-1]


@pytest.fixture
def desk(session: Session, mei: Borrower) -> Desk:
    return Desk(session)


def test_a_phone_is_not_flooded_from_many_chats(desk: Desk) -> None:
    for _ in range(CODES_AN_HOUR_FOR_NUMBER):
        assert desk.ask().state == State.AWAITING_CODE
    refused = desk.ask(now=NOW + MINUTE)
    assert (refused.state, refused.locked_until) == (State.LOCKED, NOW + 60 * MINUTE)
    assert len(desk.sent) == CODES_AN_HOUR_FOR_NUMBER


def test_an_hour_later_the_number_may_be_sent_a_code_again(desk: Desk) -> None:
    for _ in range(CODES_AN_HOUR_FOR_NUMBER):
        desk.ask()
    assert desk.ask(now=NOW + 60 * MINUTE).state == State.AWAITING_CODE


def test_another_number_is_not_held_up(desk: Desk) -> None:
    for _ in range(CODES_AN_HOUR_FOR_NUMBER + 1):
        desk.ask()
    assert desk.ask(number(1)).state == State.AWAITING_CODE


def test_a_chat_cannot_try_number_after_number(desk: Desk, chat: str) -> None:
    begin(desk.session, chat, NOW)
    states = [desk.ask(number(place), chat).state for place in range(6)]
    assert states == [*[State.AWAITING_CODE] * 5, State.LOCKED]


def test_an_address_cannot_try_number_after_number_from_chat_after_chat(desk: Desk) -> None:
    for place in range(CODES_AN_HOUR_FROM_ADDRESS):
        assert desk.ask(number(place), address=HOME).state == State.AWAITING_CODE
    assert desk.ask(number(99), address=HOME).state == State.LOCKED
    assert desk.ask(number(99), address=OFFICE).state == State.AWAITING_CODE


def test_an_unknown_number_meets_the_same_limit_as_a_known_one(desk: Desk) -> None:
    known, unknown = (
        [desk.ask(phone).state for _ in range(CODES_AN_HOUR_FOR_NUMBER + 1)] for phone in (PHONE, number(1))
    )
    assert known == unknown


def test_each_lock_lasts_twice_as_long_as_the_one_before(desk: Desk, chat: str) -> None:
    begin(desk.session, chat, NOW)
    now, spans = NOW, []
    for _ in range(8):
        until = desk.guess_until_locked(chat, now).locked_until
        assert until is not None
        spans.append((until - now) / MINUTE)
        now = until
    assert spans[:7] == [15, 30, 60, 120, 240, 480, 960]
    assert spans[7] <= 24 * 60, "a lock never lasts longer than a day"


def test_a_new_chat_does_not_shorten_the_lock_of_a_number_under_attack(desk: Desk) -> None:
    desk.guess_until_locked(new_chat(desk.session), NOW)
    assert desk.guess_until_locked(new_chat(desk.session), NOW).locked_until == NOW + 30 * MINUTE


def test_many_who_ask_at_once_get_no_more_codes_than_one_after_another(
    session_factory: sessionmaker[Session],
) -> None:
    with session_factory.begin() as session:
        session.add(
            Borrower(reference="B-MEI", name="Mei", phone=PHONE, phone_index=cipher().blind_index(PHONE), language="en")
        )
    sent: list[OneTimeCode] = []

    def ask(_: int) -> None:
        with session_factory.begin() as session:
            request_code(session, new_chat(session), PHONE, NOW, sent.append)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(ask, range(12)))
    assert len(sent) == CODES_AN_HOUR_FOR_NUMBER


def test_however_often_a_number_was_locked_the_next_lock_lasts_a_day(session: Session) -> None:
    visitor = Visitor(new_chat(session), cipher().blind_index(PHONE))
    for _ in range(120):
        note(session, visitor, "locked", NOW)
    assert lock_span(session, visitor, NOW) == DAY
