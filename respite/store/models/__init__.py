"""The tables. Money is integer minor units of the loan's currency; times are UTC; dates are business dates."""

from respite.store.models.audit import AuditEntry
from respite.store.models.base import Base
from respite.store.models.conversations import (
    REVOKED,
    Attachment,
    ButtonPress,
    Conversation,
    InboxMessage,
    OutboxMessage,
    Process,
    TurnResults,
)
from respite.store.models.identity import LinkToken, RiskDecision, SignInAttempt, UsedToken, Verification
from respite.store.models.loans import Borrower, Instalment, Loan, Payment, Schedule
from respite.store.models.plans import Plan, PolicyVersion, PromiseToPay, Quote
from respite.store.models.staff import StaffMember, StaffRecoveryCode, StaffSession, StaffSignInAttempt
from respite.store.models.support import (
    CannedReply,
    Handoff,
    OutreachPause,
    PlanApproval,
    StaffNote,
    StaffPresence,
    SupportCase,
    VulnerabilityFlag,
)

__all__ = [
    "REVOKED",
    "Attachment",
    "AuditEntry",
    "Base",
    "Borrower",
    "ButtonPress",
    "CannedReply",
    "Conversation",
    "Handoff",
    "InboxMessage",
    "Instalment",
    "LinkToken",
    "Loan",
    "OutboxMessage",
    "OutreachPause",
    "Payment",
    "Plan",
    "PlanApproval",
    "PolicyVersion",
    "Process",
    "PromiseToPay",
    "Quote",
    "RiskDecision",
    "Schedule",
    "SignInAttempt",
    "StaffMember",
    "StaffNote",
    "StaffPresence",
    "StaffRecoveryCode",
    "StaffSession",
    "StaffSignInAttempt",
    "SupportCase",
    "TurnResults",
    "UsedToken",
    "Verification",
    "VulnerabilityFlag",
]
