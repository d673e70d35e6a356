"""One turn of a conversation: who is speaking, what they owe, and how to answer them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions import wording
from actions.formatting import Part, join
from respite.clock import Clock
from respite.formatting import Fact, format_fact
from respite.identity.codes import OneTimeCode
from respite.languages import written_in
from respite.loan_books import LoanBook
from respite.loan_books.copying import Copying
from respite.policies.model import Language, Policy, Words
from respite.store.loan_book import LoanAccount, accounts_of
from respite.store.models import Borrower, Conversation
from respite.support.messages import BillCard, PlansCard, ReviewCard, ScheduleCard

Item = TypeVar("Item")
Card = BillCard | ScheduleCard | PlansCard | ReviewCard


@dataclass
class Turn:
    """What an action needs to answer one message of one conversation."""

    session: Session
    dispatcher: CollectingDispatcher
    tracker: Tracker
    policy: Policy
    clock: Clock
    loan_book: LoanBook
    conversation: Conversation
    facts: list[str] = field(default_factory=list)
    codes: list[OneTimeCode] = field(default_factory=list)
    """Codes to be sent once this turn is stored."""

    @property
    def language(self) -> Language:
        """The language of responses; the hub turns Simplified into Traditional Chinese where that is read."""
        return written_in(self.tracker.get_slot("language") or self.conversation.language)

    @property
    def is_first_of_two(self) -> bool:
        """Whether the same message also says something else, which is answered next."""
        return self.tracker.latest_message.get("part_of_message") == "first"

    @property
    def is_second_of_two(self) -> bool:
        """Whether the same message also said something else, which has just been answered."""
        return self.tracker.latest_message.get("part_of_message") == "second"

    @property
    def words(self) -> wording.CoreWords:
        """The core's own words, for what the core offers the borrower too."""
        return wording.CoreWords(self.language, self.facts)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @cached_property
    def business_date(self) -> date:
        return self.clock.business_date()

    @property
    def borrower(self) -> Borrower | None:
        """The borrower who was verified in this conversation."""
        return self.conversation.signed_in_borrower

    @cached_property
    def accounts(self) -> list[LoanAccount]:
        """The verified borrower's loans that are not settled, the most urgent first."""
        return [account for account in self.all_accounts if not account.position.is_settled]

    @cached_property
    def all_accounts(self) -> list[LoanAccount]:
        """The verified borrower's loans, as the book of record has them now."""
        assert self.borrower is not None
        Copying(self.session, self.loan_book, self.business_date, self.now).borrower(self.borrower.id)
        return accounts_of(self.session, self.borrower.id, self.policy, self.business_date)

    def say(
        self, response: str, *, card: Card | None = None, buttons: list[dict[str, str]] | None = None, **facts: Fact
    ) -> None:
        """Answer with a response of domain.yml. Every number in it is one of `facts`, which go with it."""
        values = self._format_all(facts)
        custom = {"card": card.model_dump(mode="json") if card else None, "facts": self.facts}
        self.facts = []
        self.dispatcher.utter_message(response=response, json_message=custom, buttons=buttons, **values)

    def part(self, name: str, **facts: Fact) -> Part:
        """The wording of a part of a reply, such as a line of a list or the title of a button."""
        return wording.part(name, self.language, self._format_all(facts))

    def format(self, fact: Fact) -> str:
        """One value for a card."""
        return self._format_all({"value": fact})["value"]

    def join(self, items: Sequence[str]) -> Part:
        return join(items, self.language)

    def in_words(self, words: Words) -> str:
        """What the policy says in the borrower's language."""
        return words[self.language]

    def entity(self, name: str) -> Any:
        """The value of the first entity `name` in the latest message, or None."""
        return next(self.tracker.get_latest_entity_values(name), None)

    def at_place_named(self, items: Sequence[Item]) -> Item | None:
        """The item whose place in a list the latest message names: 2 is the second, -1 the last."""
        place = (self.entity("instalment_reference") or {}).get("ordinal", 0)
        return items[place - 1 if place > 0 else place] if 0 < abs(place) <= len(items) else None

    def _format_all(self, facts: dict[str, Fact]) -> dict[str, str]:
        values = {name: format_fact(fact, self.language) for name, fact in facts.items()}
        self.facts += [values[name] for name, fact in facts.items() if not isinstance(fact, Part)]
        return values


def lines(parts: list[Part]) -> Part:
    """Parts as the lines of one text."""
    return Part("\n".join(parts))
