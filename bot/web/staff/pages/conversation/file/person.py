"""Sections of a file about a person: who they are, how they are to be treated, what they said before."""

from collections.abc import Iterator

from bot.web.staff import formats
from bot.web.staff.names import (
    CASE_KINDS,
    CASE_STATES,
    CHANNELS,
    PAUSES,
    READS,
    RISK_OCCASIONS,
    RISK_OUTCOMES,
    TROUBLES,
    VERIFIED,
    VULNERABILITIES,
)
from bot.web.staff.pages.conversation.file.blocks import Block
from bot.web.staff.pages.queue.views import href
from bot.web.staff.texts import say
from bot.web.staff.words import REASON_NAMES, cause_in_words
from respite.support.borrower_file import BorrowerFile


def who(file: BorrowerFile) -> Iterator[Block]:
    borrower = file.borrower
    if borrower is None:
        yield Block(say("Nobody is signed in"), text=say("Ask them to sign in before you speak about a loan."))
        return
    facts = {say("Reference"): borrower.reference, say("Phone"): borrower.phone}
    if file.verified:
        facts[say("Verified by")] = say(VERIFIED[file.verified.how])
        facts[say("Verified at")] = formats.moment(file.verified.at)
    facts[say("Usually reads")] = say(READS[borrower.language])
    mark = say("Signed in") if file.verified else say("Signed out")
    yield Block(borrower.name, mark, "good" if file.verified else "warm", tuple(facts.items()))


def care(file: BorrowerFile) -> Iterator[Block]:
    """Flags and pauses, with their reasons and until when they hold."""
    for flag in file.flags:
        until = ((say("Until"), formats.day_of(flag.expires_at)),)
        yield Block(say(VULNERABILITIES[flag.reason]), say("Handle with care"), "late", until, flag.detail)
    for pause in file.pauses:
        since = ((say("Since"), formats.day_of(pause.since)),)
        yield Block(say(PAUSES.get(pause.reason, pause.reason)), say("No outreach"), "warm", since)


def cases(file: BorrowerFile) -> Iterator[Block]:
    for case in reversed(file.cases):
        state, tone = CASE_STATES[case.state]
        facts = [(say("Answer by"), formats.day_of(case.answer_by))]
        if case.answer:
            facts.append((say("Answer"), case.answer))
        yield Block(f"{say(CASE_KINDS[case.kind])} {case.reference}", say(state), tone, tuple(facts), case.statement)


def risk(file: BorrowerFile) -> Iterator[Block]:
    for decision in reversed(file.risk_decisions):
        outcome, tone = RISK_OUTCOMES[decision.outcome]
        signals = ", ".join(decision.signals) or "–"
        facts = (
            (say("At"), formats.moment(decision.at)),
            (say("Score"), str(decision.score)),
            (say("Signals"), signals),
        )
        yield Block(say(RISK_OCCASIONS[decision.occasion]), say(outcome), tone, facts)


def troubles(file: BorrowerFile) -> Iterator[Block]:
    for trouble in reversed(file.troubles):
        at = ((say("At"), formats.moment(trouble.at)),)
        yield Block(say(TROUBLES[trouble.state]), facts=at, text=cause_in_words(trouble.error))


def notes(file: BorrowerFile) -> Iterator[Block]:
    for note in reversed(file.notes):
        yield Block(formats.moment(note.created_at), text=note.text)


def history(file: BorrowerFile) -> Iterator[Block]:
    """Earlier requests for a person in this conversation, and the borrower's other conversations."""
    for handoff in reversed(file.handoffs):
        if handoff.closed_at:
            facts = [(say("Closed"), formats.moment(handoff.closed_at))]
            if handoff.rating:
                facts.append((say("Rated"), f"{handoff.rating}/5"))
            yield Block(f"{say(REASON_NAMES[handoff.reason])} {handoff.reference}", facts=tuple(facts))
    for conversation in file.earlier:
        channel = say(CHANNELS.get(conversation.channel, conversation.channel))
        title = f"{channel}, {formats.day_of(conversation.created_at)}"
        yield Block(title, href=href(conversation.id))
