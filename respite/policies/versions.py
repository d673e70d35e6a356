"""The policies that quotes and plans were made under, each kept with its version for as long as there are plans."""

import hashlib
import json
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.policies.findings import PolicyError
from respite.policies.model import Policy
from respite.store.models import Plan, PolicyVersion


class OtherContentError(PolicyError):
    """A version of a policy is known, but with another content."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(f"{policy.version} is known with another content: give the file a new version.")


class UnknownVersionError(Exception):
    """A plan was made under a policy that was never kept."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"Plan {plan.reference} was made under policy {plan.policy_version}, which was never kept.")


def keep(session: Session, policy: Policy, now: datetime) -> None:
    """Keep a policy under its version, unless it is kept already. Raises OtherContentError."""
    require_known_content(session, policy)
    if session.get(PolicyVersion, policy.version) is not None:
        return
    kept = PolicyVersion(
        version=policy.version, content=_content(policy), content_hash=_content_hash(policy), first_used_at=now
    )
    try:
        with session.begin_nested():
            session.add(kept)
    except IntegrityError:  # kept by somebody else a moment ago
        require_known_content(session, policy)


def require_known_content(session: Session, policy: Policy) -> None:
    """Raise OtherContentError where the version of a policy is kept with another content."""
    kept = session.get(PolicyVersion, policy.version)
    if kept is not None and kept.content_hash != _content_hash(policy):
        raise OtherContentError(policy)


def policy_of(session: Session, plan: Plan) -> Policy:
    """The policy that a plan was made under. Raises UnknownVersionError."""
    kept = session.get(PolicyVersion, plan.policy_version)
    if kept is None:
        raise UnknownVersionError(plan)
    return Policy.model_validate(kept.content)


def _content(policy: Policy) -> dict[str, object]:
    """What the file says. Optional keys that it leaves out stay out, so that a Respite with more of them agrees."""
    return policy.model_dump(mode="json", exclude_defaults=True)


def _content_hash(policy: Policy) -> str:
    return hashlib.sha256(json.dumps(_content(policy), sort_keys=True).encode()).hexdigest()
