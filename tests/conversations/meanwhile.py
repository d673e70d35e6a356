"""What may happen to a borrower's account while they are chatting."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.engine.kept_conversations import Kept
from respite.clock import utc_now
from respite.identity.limits import Visitor, note
from respite.policies.load import policy
from respite.policies.model import PlanKind
from respite.staff.accounts import Profile, add
from respite.staff.roles import StaffRole
from respite.store.models import Conversation, Quote, StaffMember, Verification
from respite.store.session import transaction
from respite.support.circumstances import Circumstances
from respite.support.ownership import owner_of
from respite.support.plan_offers import offer_plans
from respite.support.plan_requests import PlanRequest
from respite.support.presence import stay_present, take_conversations
from respite.support.returning import return_to_bot
from respite.support.staff_messages import send
from respite.support.takeover import begin
from tests.conversations.running_bot import BUSINESS_DATE, rasas_memory

LAST_WORDS = {"en": "I have seen to it.", "zh-Hans": "已为您处理好了。", "zh-Hant": "已为您处理好了。"}


def offers_expire(conversation_id: str) -> None:
    """The time in which the offers of a conversation could be accepted is over."""
    with transaction() as session:
        over = utc_now() - timedelta(seconds=1)
        session.execute(update(Quote).where(Quote.conversation_id == conversation_id).values(expires_at=over))


def loan_changes(conversation_id: str) -> None:
    """Something that changes what is owed has come in for every loan on offer."""
    with transaction() as session:
        for quote in session.query(Quote).filter_by(conversation_id=conversation_id, state="shown"):
            quote.loan.version += 1


def policy_changes(conversation_id: str) -> None:
    """The lender's rules are no longer those under which the offers were made."""
    with transaction() as session:
        offers = update(Quote).where(Quote.conversation_id == conversation_id)
        session.execute(offers.values(policy_version="an earlier one"))


def day_passes(conversation_id: str) -> None:
    """The offers were made on the business day before this one."""
    with transaction() as session:
        for quote in session.query(Quote).filter_by(conversation_id=conversation_id):
            quote.business_date -= timedelta(days=1)


def hours_pass(conversation_id: str) -> None:
    """The borrower was away for some hours, longer than an offer stands and shorter than a session lasts."""
    offers_expire(conversation_id)
    _rasa_remembers(conversation_id, ago=timedelta(hours=5))


def a_night_passes(conversation_id: str) -> None:
    """The borrower comes back the next day."""
    offers_expire(conversation_id)
    day_passes(conversation_id)
    _rasa_remembers(conversation_id, ago=timedelta(days=1))


def code_grows_old(conversation_id: str) -> None:
    """The borrower reads for a while, so that the code of their sign-in no longer counts."""
    with transaction() as session:
        row = session.get_one(Verification, conversation_id)
        row.code_accepted_at = utc_now() - timedelta(minutes=policy().identity.fresh_code_minutes, seconds=1)


def borrower_is_away(conversation_id: str) -> None:
    """The borrower leaves their screen alone for longer than the policy lets it stay open."""
    with transaction() as session:
        conversation = session.get_one(Conversation, conversation_id)
        ago = utc_now() - timedelta(minutes=policy().identity.idle_minutes, seconds=1)
        conversation.verified_at = conversation.last_active_at = ago


def others_try_the_number(conversation_id: str) -> None:
    """Somebody guesses codes for the number that was typed here, from one address after the other."""
    with transaction() as session:
        number_index = session.get_one(Verification, conversation_id).number_index
        assert number_index is not None
        for place in range(8):
            visitor = Visitor(conversation_id, number_index, address_index=f"somewhere {place}")
            note(session, visitor, "code_requested", utc_now() - timedelta(hours=2))
            note(session, visitor, "code_refused", utc_now())


def _rasa_remembers(conversation_id: str, ago: timedelta) -> None:
    """Everything that Rasa knows of a conversation happened longer `ago` by this much."""
    memory = rasas_memory()
    kept = memory.read(conversation_id)
    assert kept is not None
    moved = [event | {"timestamp": event["timestamp"] - ago.total_seconds()} for event in kept.events]
    memory.write(conversation_id, Kept(moved, kept.answers))


def a_person_takes_over(conversation_id: str) -> None:
    """A member of staff joins, whether anybody asked for one or not."""
    with transaction() as session:
        begin(session, conversation_id, _somebody(session), policy(), utc_now())


def the_person_offers_a_deferral(conversation_id: str) -> None:
    """The member of staff offers to let the first loan's overdue instalment wait for three weeks from today."""
    with transaction() as session:
        by = owner_of(session, conversation_id)
        borrower = session.get_one(Conversation, conversation_id).signed_in_borrower
        assert by, "a person has taken over"
        assert borrower, "somebody is signed in"
        until = BUSINESS_DATE + timedelta(weeks=3)
        plan = PlanRequest(borrower.loans[0].reference, PlanKind.DEFERRAL, until=until)
        offer_plans(session, conversation_id, by, [plan], Circumstances(policy(), BUSINESS_DATE, utc_now()))


def the_person_leaves(conversation_id: str) -> None:
    """The member of staff says a last word and returns the conversation to the bot."""
    with transaction() as session:
        by, now = owner_of(session, conversation_id), utc_now()
        assert by, "a person has taken over"
        word = LAST_WORDS[session.get_one(Conversation, conversation_id).language]
        send(session, conversation_id, by, word, client_id=uuid4().hex, now=now)
        return_to_bot(session, conversation_id, by, wrap_up="answered", policy=policy(), now=now)


def _somebody(session: Session) -> StaffMember:
    """A member of staff whose console is open."""
    by = add(session, f"somebody-{uuid4().hex}", Profile("Lin", StaffRole.AGENT), "system", utc_now())
    stay_present(session, by, utc_now())
    take_conversations(session, by, False, utc_now())
    return by
