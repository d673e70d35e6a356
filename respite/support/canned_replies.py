"""Replies that are ready to be sent: those that ship and the lender's own, filled with values of the account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from respite.formatting import Fact
from respite.languages import written_in
from respite.lending.bill import bill
from respite.policies.section import Language
from respite.staff.accounts import actor_of
from respite.store.audit import record
from respite.store.loan_book import LoanAccount, accounts_of
from respite.store.models import CannedReply, Conversation, StaffMember
from respite.support.circumstances import Circumstances
from respite.support.handoffs import open_handoff
from respite.support.refusing import RefusedError
from respite.support.words import words_in
from respite.wording import Wording, read_texts

SHIPPED = Path(__file__).with_name("canned_replies.yml")
LONGEST_NAME = 40
VARIABLES = (
    *("name", "agent", "lender", "support_phone", "reference"),
    *("product", "loan", "amount_due", "due_date", "payoff", "days_past_due", "overdue"),
)
"""What may stand in braces: about whom and by whom, and about the loan that is most urgent."""


class CannedReplyError(RefusedError):
    """A reply that cannot be kept or filled."""


@dataclass(frozen=True)
class Reply:
    """A reply under its name, with `{variable}` where a value goes; `is_own` for one of the lender's."""

    name: str
    text: str
    is_own: bool


def replies(session: Session, language: str) -> Sequence[Reply]:
    """The replies for a reader of `language` (en, zh-Hans, zh-Hant), by name; own ones take precedence."""
    written = written_in(language)
    found = {name: Reply(name, texts[written], is_own=False) for name, texts in read_texts(SHIPPED).items()}
    for row in session.scalars(select(CannedReply).where(CannedReply.language == written)):
        found[row.name] = Reply(row.name, row.text, is_own=True)
    return sorted(found.values(), key=lambda reply: reply.name)


def fill(session: Session, conversation_id: str, by: StaffMember, text: str, given: Circumstances) -> str:
    """A reply as it can be sent, in the borrower's language and script. Raises CannedReplyError.

    Values of the account are there for whoever is signed in, those of a loan while something is owed on one: of several
    the most urgent.
    """
    conversation = session.get_one(Conversation, conversation_id)
    words = words_in(conversation.language)
    values = {name: words.fact(fact) for name, fact in _facts(session, conversation, by, given).items()}
    missing = [variable for variable in _variables(text) if variable not in values]
    if missing:
        raise CannedReplyError("There is no value for %(names)s in this conversation.", names=", ".join(missing))
    return words.of({written_in(conversation.language): text}).format(**values)


def keep_reply(session: Session, name: str, language: Language, text: str, by: StaffMember, now: datetime) -> None:
    """Add a reply in one language, or change it. Raises CannedReplyError for one that could not be filled."""
    if not (0 < len(name) <= LONGEST_NAME and text.strip()):
        raise CannedReplyError("Give a name of between 1 and %(longest)s characters, and a text.", longest=LONGEST_NAME)
    unknown = [variable for variable in _variables(text) if variable not in VARIABLES]
    if unknown:
        raise CannedReplyError(
            "There is no variable %(unknown)s. Use %(known)s.", unknown=", ".join(unknown), known=", ".join(VARIABLES)
        )
    reply = session.scalars(_own(name, language)).one_or_none() or CannedReply(name=name, language=language)
    reply.text, reply.updated_by, reply.updated_at = text, actor_of(by), now
    session.add(reply)
    _note(session, "canned_reply_kept", name, language, by, now)


def remove_reply(session: Session, name: str, language: Language, by: StaffMember, now: datetime) -> None:
    """Remove one of the lender's own replies; where it took the place of one that ships, that one is back."""
    for reply in session.scalars(_own(name, language)):
        session.delete(reply)
        _note(session, "canned_reply_removed", name, language, by, now)


def _own(name: str, language: Language) -> Select[CannedReply]:
    return select(CannedReply).where(CannedReply.name == name, CannedReply.language == language)


def _variables(text: str) -> Sequence[str]:
    """The names in braces, each once. Raises CannedReplyError where braces do not match."""
    try:
        return list(dict.fromkeys(name for _, name, _, _ in Formatter().parse(text) if name is not None))
    except ValueError:
        raise CannedReplyError("A brace is open. Write a variable as {name}.") from None


def _facts(session: Session, conversation: Conversation, by: StaffMember, given: Circumstances) -> dict[str, Fact]:
    lender, words = given.policy.lender, words_in(conversation.language)
    facts: dict[str, Fact] = {
        "agent": by.name,
        "lender": words.of(lender.name),
        "support_phone": lender.support_phone,
    }
    if handoff := open_handoff(session, conversation.id):
        facts["reference"] = handoff.reference
    if borrower := conversation.signed_in_borrower:
        facts["name"] = borrower.name
        accounts = accounts_of(session, borrower.id, given.policy, given.business_date)
        if accounts and not accounts[0].position.is_settled:
            facts |= _facts_of_a_loan(accounts[0], words)
    return facts


def _facts_of_a_loan(account: LoanAccount, words: Wording) -> dict[str, Fact]:
    asked, position = bill(account.position), account.position
    facts: dict[str, Fact] = {
        "product": words.of(account.product.name),
        "loan": account.reference,
        "amount_due": account.money(asked.total),
        "due_date": asked.due,
        "payoff": account.money(account.payoff().total),
    }
    if account.is_overdue:
        facts["days_past_due"] = timedelta(days=position.days_past_due)
        facts["overdue"] = account.money(position.overdue_total)
    return facts


def _note(session: Session, action: str, name: str, language: str, by: StaffMember, now: datetime) -> None:
    details = {"language": language}
    record(session, actor=actor_of(by), action=action, subject=f"canned_reply:{name}", details=details, at=now)
