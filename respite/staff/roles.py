"""What staff may do: an agent helps borrowers, a supervisor oversees agents, an admin keeps the accounts."""

from enum import StrEnum

from respite.policies.authority import Role


class StaffRole(StrEnum):
    """The roles, each of which may do all that the ones before it may."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    def includes(self, other: "StaffRole") -> bool:
        """Whether whoever has this role may do what `other` may."""
        ranks = list(StaffRole)
        return ranks.index(self) >= ranks.index(other)

    @property
    def authority(self) -> Role:
        """What the lender's policy lets this role grant; an admin grants no more than a supervisor."""
        return Role.AGENT if self is StaffRole.AGENT else Role.SUPERVISOR
