"""What the bot, an agent and a supervisor may each grant on their own."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field

from respite.policies.section import Percent, Section, Share, mistake_at


class PlanKind(StrEnum):
    DEFERRAL = "deferral"
    RESTRUCTURING = "restructuring"


class Role(StrEnum):
    """Who offers a plan, from whoever may grant the least to whoever may grant the most."""

    BOT = "bot"
    AGENT = "agent"
    SUPERVISOR = "supervisor"


class DeferralAuthority(Section):
    """How late a loan may be to be deferred, and by how many days at most."""

    buckets: tuple[str, ...]
    maximum_days: Annotated[int, Field(ge=1, le=366)]


class RestructuringAuthority(Section):
    """How late a loan may be to be restructured, into how many instalments and with what relief at most."""

    buckets: tuple[str, ...]
    maximum_count: Annotated[int, Field(ge=2, le=60)]
    rate_reduction: Percent
    penalty_waiver: Share


class Authority(Section):
    """What somebody may grant without asking anybody else."""

    plans_in_12_months: Annotated[int, Field(ge=1)]
    deferral: DeferralAuthority
    restructuring: RestructuringAuthority

    def buckets(self, kind: PlanKind) -> tuple[str, ...]:
        """The buckets in which a loan may have a plan of this kind."""
        return (self.deferral if kind is PlanKind.DEFERRAL else self.restructuring).buckets


def require_everybody(authority: Mapping[Role, Authority]) -> None:
    """Raise ValueError unless each role has an authority."""
    missing = [role for role in Role if role not in authority]
    if missing:
        raise ValueError(f"does not say what {' and '.join(missing)} may grant; add it")


def require_known_buckets(authority: Mapping[Role, Authority], known: Mapping[str, int]) -> None:
    """Raise the mistake where a role's authority names a bucket that is none."""
    for role, granted in authority.items():
        for kind in PlanKind:
            unknown = [name for name in granted.buckets(kind) if name not in known]
            if unknown:
                sentence = f"names {unknown}, which buckets does not define; use {', '.join(known)}"
                raise mistake_at((role, kind, "buckets"), unknown, sentence)


def require_rising(authority: Mapping[Role, Authority]) -> None:
    """Raise the mistake unless each role may grant all that the one before it may."""
    for junior, senior in pairwise(Role):
        for (place, less), (_, more) in zip(_limits(authority[junior]), _limits(authority[senior]), strict=True):
            falls_short = set(less) - set(more) if isinstance(less, tuple) else more < less
            if falls_short:
                may = f"[{', '.join(less)}]" if isinstance(less, tuple) else less
                sentence = f"grants less than {junior} may ({may}); use that or more"
                raise mistake_at((senior, *place), more, sentence)


def _limits(granted: Section, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each limit with the path of its keys."""
    for name, value in granted:
        if isinstance(value, Section):
            yield from _limits(value, (*path, name))
        else:
            yield (*path, name), value
