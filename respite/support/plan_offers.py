"""Plans that staff offer: made by the core within their authority, shown in the chat, consented to by the borrower.

The borrower looks at a plan, and agrees to it, as to one of the bot's (`conversations.is_borrowers_own`), and the quote
keeps whose authority it was made under.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from respite.languages import written_in
from respite.plans.offers import Offer
from respite.plans.quotes import withdraw_shown_quote, write_quote
from respite.staff.accounts import actor_of
from respite.staff.roles import StaffRole
from respite.store.loan_book import LoanAccount
from respite.store.models import Borrower, Conversation, Quote, StaffMember
from respite.support.buttons import for_borrower
from respite.support.circumstances import Circumstances
from respite.support.messages import Message
from respite.support.outbox import add_from_staff
from respite.support.ownership import TakeoverRefusedError, owned_conversation
from respite.support.plan_cards import plans_card
from respite.support.plan_requests import PlanRequest
from respite.support.words import words_in


class NotVerifiedError(TakeoverRefusedError):
    """A plan is offered only to whoever has shown who they are."""

    def __init__(self) -> None:
        super().__init__("Nobody is signed in to this chat. Ask the borrower to sign in before you offer a plan.")


class UnknownLoanError(TakeoverRefusedError):
    def __init__(self, reference: str) -> None:
        super().__init__("%(reference)s is no loan of this borrower.", reference=reference)


def preview(session: Session, conversation_id: str, by: StaffMember, plan: PlanRequest, given: Circumstances) -> Offer:
    """The plan as `by` could offer it; nothing is written.

    Raises PlanRefusedError: where its decisive refusal is `authority`, somebody else may grant it. Raises
    NotOwnerError, NotVerifiedError, UnknownLoanError or LoanBookError.
    """
    _, account = owned_with_account(session, conversation_id, by, plan, given)
    return plan.offer(account, StaffRole(by.role).authority)


def offer_plans(
    session: Session, conversation_id: str, by: StaffMember, plans: Sequence[PlanRequest], given: Circumstances
) -> Sequence[Quote]:
    """Offer one plan or a few for one loan; the borrower looks at one of them and agrees to it, or not.

    Raises what `preview` raises; nothing is written then.
    """
    conversation, account = owned_with_account(session, conversation_id, by, plans[0], given)
    offers = [plan.offer(account, StaffRole(by.role).authority) for plan in plans]
    return put_forward(session, conversation, by, offers, granted_by=by, given=given)


def owned_with_account(
    session: Session, conversation_id: str, by: StaffMember, plan: PlanRequest, given: Circumstances
) -> tuple[Conversation, LoanAccount]:
    """A conversation of `by`, as `owned_conversation` has it, and the loan that a plan is for.

    The book is asked before the conversation is locked: while it takes its time, the borrower can go on writing.
    """
    account = account_for(session, session.get_one(Conversation, conversation_id), plan, given)
    conversation = owned_conversation(session, conversation_id, by)
    borrower_in(conversation)
    return conversation, account


def account_for(session: Session, conversation: Conversation, plan: PlanRequest, given: Circumstances) -> LoanAccount:
    """The loan that a plan is for. Raises NotVerifiedError or UnknownLoanError."""
    accounts = given.accounts(session, borrower_in(conversation).id)
    account = next((each for each in accounts if each.reference == plan.loan_reference), None)
    if account is None:
        raise UnknownLoanError(plan.loan_reference)
    return account


def borrower_in(conversation: Conversation) -> Borrower:
    """Who is signed in to a conversation. Raises NotVerifiedError where nobody is."""
    if conversation.signed_in_borrower is None:
        raise NotVerifiedError
    return conversation.signed_in_borrower


def put_forward(
    session: Session,
    conversation: Conversation,
    owner: StaffMember,
    offers: Sequence[Offer],
    *,
    granted_by: StaffMember,
    given: Circumstances,
) -> Sequence[Quote]:
    """Write offers for one loan down and show them in the chat, as said by the owner of the conversation."""
    withdraw_shown_quote(session, conversation.id)
    quotes = [
        write_quote(
            session,
            offer,
            conversation_id=conversation.id,
            language=written_in(conversation.language),
            now=given.now,
            actor=actor_of(granted_by),
        )
        for offer in offers
    ]
    words, account = words_in(conversation.language), offers[0].account
    product = words.of(account.product.name)
    text = words.say("plans_from_staff", name=owner.name, product=product, loan=account.reference)
    message = Message(text=text, card=plans_card(words, account, quotes))
    shown = for_borrower(session, conversation, message, given.now)
    add_from_staff(session, conversation, actor_of(owner), shown, given.now)
    return quotes
