"""What stands in a file. Amounts, dates and rates are values; whoever shows them formats them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from respite.store.loan_book import LoanAccount
from respite.store.models import (
    Borrower,
    Conversation,
    Handoff,
    OutreachPause,
    Plan,
    PlanApproval,
    PromiseToPay,
    Quote,
    RiskDecision,
    StaffNote,
    SupportCase,
    VulnerabilityFlag,
)


@dataclass(frozen=True)
class Verified:
    """How it was shown who the borrower is: by a one-time `code`, or by the `lender`, who vouched for them."""

    how: Literal["code", "lender"]
    at: datetime


@dataclass(frozen=True)
class Refused:
    """A plan that was asked for and refused: the decisive rule, the limit exceeded where it was authority, and who may.

    docs/policy.md lists the rules.
    """

    at: datetime
    loan: str
    rule: str
    limit: str
    granted_by: str | None


@dataclass(frozen=True)
class Consent:
    """What was agreed to: exactly the terms with this hash, under this authority."""

    at: datetime
    plan: str
    terms_hash: str
    authority: str


@dataclass(frozen=True)
class Trouble:
    """A message that was given up (`dead`), was not sent (`failed`), or of which nobody knows (`unknown`), and why."""

    at: datetime
    state: str
    error: str


@dataclass(frozen=True)
class BorrowerFile:
    """Everything about one conversation and whoever it is with; `borrower` is None for a stranger.

    `loans` are those that are not settled, the most urgent first; `is_stale` says that the book of record did not
    answer, so that they stand as the store last had them. `earlier` are the borrower's other conversations, the newest
    first, and `handoffs` all requests for a person in this one.
    """

    version: str
    conversation: Conversation
    handoff: Handoff | None
    borrower: Borrower | None
    verified: Verified | None
    risk_decisions: Sequence[RiskDecision]
    loans: Sequence[LoanAccount]
    is_stale: bool
    plans: Sequence[Plan]
    quotes: Sequence[Quote]
    refused: Sequence[Refused]
    consents: Sequence[Consent]
    promises: Sequence[PromiseToPay]
    approvals: Sequence[PlanApproval]
    cases: Sequence[SupportCase]
    notes: Sequence[StaffNote]
    flags: Sequence[VulnerabilityFlag]
    pauses: Sequence[OutreachPause]
    troubles: Sequence[Trouble]
    handoffs: Sequence[Handoff]
    earlier: Sequence[Conversation]
    last_words: str
