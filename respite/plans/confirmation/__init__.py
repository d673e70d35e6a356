"""The confirmation of a booked plan: a PDF for the borrower to keep, the same bytes whenever it is made."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from respite.plans.confirmation.agreement import Agreement
from respite.plans.confirmation.contents import contents
from respite.plans.confirmation.typesetting import typeset
from respite.plans.confirmation.wording import Wording
from respite.policies.model import Policy
from respite.policies.versions import policy_of
from respite.store import audit
from respite.store.models import Plan

__all__ = ["confirmation", "issue"]


def confirmation(plan: Plan, *, policy: Policy, language: str) -> bytes:
    """What was agreed with `plan` under `policy`, as a PDF in `language` (en, zh-Hans, zh-Hant)."""
    agreement = Agreement.of(plan, policy)
    return typeset(contents(agreement, Wording(language)), language, at=plan.booked_at)


def issue(session: Session, plan: Plan, *, language: str, actor: str, now: datetime) -> bytes:
    """The confirmation for `actor`, with an audit entry that names exactly what was handed out.

    It says what the policy said that the plan was made under. Raises UnknownVersionError.
    """
    document = confirmation(plan, policy=policy_of(session, plan), language=language)
    audit.record(
        session,
        actor=actor,
        action="confirmation_issued",
        subject=f"plan:{plan.reference}",
        details={"language": language, "sha256": hashlib.sha256(document).hexdigest()},
        at=now,
    )
    return document
