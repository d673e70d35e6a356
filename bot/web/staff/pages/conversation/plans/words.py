"""Plans, and why one is refused, in words for staff."""

from bot.web.staff import formats
from bot.web.staff.names import AUTHORITIES, FACTS, RULES
from bot.web.staff.texts import say
from respite.plans.refusals import PlanRefusedError, Refusal
from respite.policies.model import PlanKind
from respite.support.plan_requests import PlanRequest


def request_in_words(plan: PlanRequest) -> str:
    """What is asked for, in a line."""
    parts = [plan.loan_reference]
    if plan.kind is PlanKind.DEFERRAL and plan.until:
        parts.append(say("deferral until %(day)s", day=formats.day(plan.until)))
    elif plan.count:
        parts.append(say("%(count)s instalments", count=plan.count))
        if plan.until:
            parts.append(say("from %(day)s", day=formats.day(plan.until)))
    elif plan.monthly_payment:
        parts.append(say("%(amount)s at a time", amount=formats.number(float(plan.monthly_payment))))
    if plan.relief:
        parts.append(say("rate less %(points)s points", points=formats.number(float(plan.relief.rate_reduction))))
        waived = formats.fact(plan.relief.penalty_waiver)
        parts.append(say("%(share)s of late charges waived", share=waived))
    return " · ".join(parts)


def refusal_in_words(refused: PlanRefusedError) -> str:
    """The decisive rule with its figures."""
    return _rule(refused.decisive)


def _rule(refusal: Refusal) -> str:
    rule = say(RULES[refusal.limit or refusal.rule])
    facts = [f"{say(FACTS[name])} {formats.fact(fact)}" for name, fact in refusal.facts.items()]
    by = [say("%(role)s may grant it", role=say(AUTHORITIES[refusal.granted_by]))] if refusal.granted_by else []
    return " · ".join([rule, *facts, *by])
