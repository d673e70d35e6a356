"""What the confirmation says, section by section."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from respite.lending.positions import InstalmentPosition
from respite.plans.confirmation.agreement import Agreement
from respite.plans.confirmation.blocks import (
    Code,
    Document,
    Facts,
    Figures,
    Highlight,
    Paragraph,
    Points,
    Section,
    Table,
)
from respite.plans.confirmation.wording import Wording

Part = Callable[[InstalmentPosition], Decimal]

PARTS: dict[str, Part] = {
    "principal": lambda line: line.unpaid_principal,
    "interest": lambda line: line.unpaid_interest,
    "fee": lambda line: line.unpaid_fee,
    "late_charges": lambda line: line.unpaid_carried + line.penalty + line.late_fee,
}
"""What a balance is made of."""


def contents(agreement: Agreement, words: Wording) -> Document:
    """Everything that both sides agreed, in the order in which a borrower reads it."""
    return Document(
        title=words.say("title"),
        summary=_summary(agreement, words),
        author=words.of(agreement.policy.lender.name),
        reference=agreement.plan.reference,
        highlights=_highlights(agreement, words),
        rows=[
            [_schedule(agreement, words)],
            [_cost(agreement, words), _compared(agreement, words)],
            [_parties(agreement, words)],
            [_before(agreement, words)],
            [_rights(agreement, words), _duties(words)],
            [_default_cost(agreement, words)],
            [_broken(agreement, words)],
            [_consent(agreement, words)],
        ],
    )


def _summary(agreement: Agreement, words: Wording) -> str:
    terms = agreement.terms
    if terms.number:
        deferred = agreement.before.instalment(terms.number)
        return words.say("summary_deferral", due=deferred.due, until=terms.until)
    return words.say("summary_restructuring", count=terms.count, until=terms.until)


def _highlights(agreement: Agreement, words: Wording) -> list[Highlight]:
    terms, first = agreement.terms, agreement.first
    return [
        Highlight(
            words.say(f"first_{terms.kind}"),
            words.fact(agreement.money(first.total)),
            words.say("on_day", day=first.due),
        ),
        Highlight(words.say("count"), words.fact(terms.count), words.say("until_day", day=terms.schedule.last_due)),
        Highlight(
            words.say("total"),
            words.fact(terms.total),
            words.say("against_agreed", difference=words.difference(terms.extra_against_agreed)),
        ),
        Highlight(words.say("annual_rate"), words.fact(terms.effective_annual_rate), words.say("annual_rate_note")),
    ]


def _parties(agreement: Agreement, words: Wording) -> Section:
    loan, lender = agreement.loan, agreement.policy.lender
    rows = {
        "lender": words.say(
            "reachable", name=words.of(lender.name), phone=lender.support_phone, hours=words.of(lender.support_hours)
        ),
        "borrower": words.say("named", name=loan.borrower.name, reference=loan.borrower.reference),
        "loan": words.say("named", name=words.of(agreement.product.name), reference=loan.reference),
        "contract": words.say("contract_of", principal=agreement.lent, day=loan.started_on, rate=loan.annual_rate),
        "plan": agreement.plan.reference,
    }
    return Section(words.say("parties"), [Facts(_labelled(rows, words))])


def _before(agreement: Agreement, words: Wording) -> Section:
    def amounts(part: Part) -> list[str]:
        overdue, later = (sum(map(part, lines), Decimal(0)) for lines in (agreement.overdue, agreement.not_yet_due))
        return [words.amount(agreement.money(amount)) for amount in (overdue, later, overdue + later)]

    position = agreement.before
    rows = {
        "days_past_due": words.fact(position.days_past_due),
        "payoff": words.fact(agreement.payoff),
    }
    return Section(
        words.say("before"),
        [
            Table(
                words=[words.say("part")],
                figures=[words.say(name) for name in ("overdue", "not_yet_due", "together")],
                rows=[[words.say(name), *amounts(part)] for name, part in PARTS.items()],
                total=[words.say("together"), *amounts(lambda line: line.outstanding)],
            ),
            Facts(_labelled(rows, words)),
        ],
        note=words.say("before_note", day=position.as_of, currency=words.currency(agreement.loan.currency)),
    )


def _schedule(agreement: Agreement, words: Wording) -> Section:
    def amounts(*parts: Decimal) -> list[str]:
        return [words.amount(agreement.money(part)) for part in parts]

    schedule = agreement.terms.schedule
    has_charges = schedule.interest or schedule.fees
    return Section(
        words.say("schedule"),
        [
            Table(
                words=[words.say(name) for name in ("number", "due_date")],
                figures=[words.say(name) for name in ("principal", "interest", "fee", "carried", "row_total")],
                rows=[
                    [
                        words.fact(line.number),
                        words.fact(line.due),
                        *amounts(line.principal, line.interest, line.fee, line.carried, line.total),
                    ]
                    for line in schedule
                ],
                total=[
                    words.say("row_total"),
                    "",
                    *amounts(schedule.principal, schedule.interest, schedule.fees, schedule.carried, schedule.total),
                ],
            ),
            Paragraph(words.say("charges_go_on" if has_charges else "no_charges")),
        ],
        note=words.say("schedule_note", currency=words.currency(agreement.loan.currency)),
    )


def _cost(agreement: Agreement, words: Wording) -> Section:
    table = agreement.disclosure
    parts = {
        "principal": table.principal,
        "interest": table.interest,
        "fee": table.fees,
        "carried": table.carried,
    }
    rows = [(words.say(name), words.fact(agreement.money(amount))) for name, amount in parts.items()]
    return Section(words.say("cost"), [Figures(rows, last=(words.say("total"), words.fact(agreement.terms.total)))])


def _compared(agreement: Agreement, words: Wording) -> Section:
    terms, booked_on = agreement.terms, agreement.plan.booked_on
    rows = [
        (words.say("extra_against_agreed"), words.fact(terms.extra_against_agreed)),
        (words.say("extra_against_payoff", day=booked_on), words.fact(terms.extra_against_payoff)),
        (words.say("contract_rate"), words.fact(agreement.loan.annual_rate)),
        (words.say("nominal_annual_rate"), words.fact(agreement.disclosure.nominal_annual_rate)),
    ]
    effective = (words.say("annual_rate"), words.fact(terms.effective_annual_rate))
    return Section(words.say("compared"), [Figures(rows, last=effective)])


def _default_cost(agreement: Agreement, words: Wording) -> Section:
    if_late, first = agreement.disclosure.if_late, agreement.first
    late_fee = agreement.money(if_late.late_fee)
    rows = {
        "grace": words.fact(timedelta(days=if_late.charged_from - 1)),
        "penalty": words.say(
            f"penalty_on_{if_late.penalty_base}",
            rate=if_late.penalty_rate,
            since=words.say("since_after_grace" if if_late.penalty_counted_from else "since_due_date"),
        ),
        "late_fee": words.say("none") if late_fee.is_zero else words.say("late_fee_of", amount=late_fee),
        "cap": words.say("cap_of", rate=if_late.cap_rate),
        "example": words.say(
            "example_of",
            due=agreement.money(first.total),
            day=first.due,
            amount=agreement.money(agreement.late_example.total),
            days=agreement.late_by,
        ),
    }
    return Section(words.say("default_cost"), [Facts(_labelled(rows, words))], note=words.say("default_cost_note"))


def _rights(agreement: Agreement, words: Wording) -> Section:
    lender, fee_rate = agreement.policy.lender, agreement.policy.payoff.fee_rate
    return Section(
        words.say("rights"),
        [
            Points(
                [
                    words.say("right_cancel", day=agreement.cancellable_until, phone=lender.support_phone),
                    words.say("right_prepay_fee", rate=fee_rate) if fee_rate else words.say("right_prepay_free"),
                    words.say("right_no_collection"),
                    words.say("right_person", phone=lender.support_phone, hours=words.of(lender.support_hours)),
                ]
            )
        ],
    )


def _duties(words: Wording) -> Section:
    return Section(
        words.say("duties"), [Points([words.say(name) for name in ("duty_pay", "duty_tell", "duty_reachable")])]
    )


def _broken(agreement: Agreement, words: Wording) -> Section:
    late = timedelta(days=agreement.before.days_past_due)
    standing = words.say("broken_was_late", days=late) if late else words.say("broken_was_on_time")
    return Section(
        words.say("broken"),
        [
            Points([words.say("broken_restores"), standing]),
            Paragraph(words.say("broken_then")),
            Facts([(words.say("day", day=step.day), words.of(step.text)) for step in agreement.policy.consequences]),
        ],
    )


def _consent(agreement: Agreement, words: Wording) -> Section:
    plan, terms, quote = agreement.plan, agreement.terms, agreement.plan.quote
    confirmed = words.say(
        "consent_text",
        borrower=agreement.loan.borrower.name,
        loan=agreement.loan.reference,
        total=terms.total,
        difference=words.difference(terms.extra_against_agreed),
        rate=terms.effective_annual_rate,
    )
    rows = {"consent_at": words.moment(agreement.booked_at)}
    if quote:
        rows["shown_in"] = words.say(f"language_{quote.language}")
        rows["versions"] = words.say(
            "policy_and_loan_version", policy=plan.policy_version, loan=str(quote.loan_version)
        )
    else:
        rows["versions"] = words.say("policy_version", policy=plan.policy_version)
    return Section(
        words.say("consent"),
        [
            Paragraph(confirmed),
            Facts(_labelled(rows, words)),
            Paragraph(words.say("hash")),
            Code(plan.terms_hash),
            Paragraph(words.say("records", day=plan.booked_on)),
        ],
    )


def _labelled(rows: dict[str, str], words: Wording) -> Sequence[tuple[str, str]]:
    return [(words.say(name), value) for name, value in rows.items()]
