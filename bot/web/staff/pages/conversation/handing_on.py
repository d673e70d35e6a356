"""Dialogs in which a conversation is passed on, or given back to the bot."""

from collections.abc import Sequence

from nicegui import ui
from sqlalchemy.orm import Session

from bot.transactions import from_store, in_store
from bot.web.staff.console import console
from bot.web.staff.current import act
from bot.web.staff.design.buttons import button
from bot.web.staff.design.dialogs import actions, dialog
from bot.web.staff.design.fields import choice_field, long_text_field
from bot.web.staff.refusals import told
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from bot.web.staff.words import skill_in_words
from respite.policies.load import policy
from respite.store.models import StaffMember
from respite.support.passing_on import transfer, transfer_to_team
from respite.support.presence import Colleague, colleagues
from respite.support.returning import return_to_bot
from respite.support.words import words_in

TEAM = "team:"
"""How the key of a team begins among those to whom a conversation may go."""


async def ask_whom_to_pass_to(conversation_id: str, member: StaffMember) -> None:
    """Ask for a colleague or a team, with a note for them."""
    now = console().clock.now()
    others = await from_store(lambda session: colleagues(session, now))
    whom = _whom(others, member)
    if not whom:
        ui.notify(say("Nobody else is at work just now."), type="warning")
        return
    with dialog(say("Pass this conversation on"), say("The borrower reads who goes on with them.")) as shown:
        to = choice_field(say("To"), whom, next(iter(whom)))
        about = long_text_field(say("Private note for them"))

        @act()
        async def pass_on(by: StaffMember) -> None:
            now = console().clock.now()

            def do(session: Session) -> None:
                if to.value.startswith(TEAM):
                    skill = to.value.removeprefix(TEAM)
                    transfer_to_team(session, conversation_id, by, skill, about.value, policy(), now)
                else:
                    transfer(session, conversation_id, by, int(to.value), about.value, now)

            with told() as outcome:
                await in_store(do)
            if not outcome.is_refused:
                ui.navigate.to("/queue")

        with actions():
            button(say("Cancel"), shown.close)
            button(say("Pass on"), pass_on, kind="primary")
    shown.open()


async def ask_how_it_ended(conversation_id: str) -> None:
    """Ask for a wrap-up code and a note, and give the conversation back to the bot."""
    words = words_in(visit().language)
    codes = {code: words.of(text) for code, text in policy().support.wrap_ups.items()}
    hint = say("The bot goes on from here, and does not ask again for what you have settled.")
    with dialog(say("Give back to the bot"), hint) as shown:
        wrap_up = choice_field(say("How it ended"), codes, next(iter(codes)))
        about = long_text_field(say("Private note"), hint=say("What was done, and what is still to be done."))

        @act()
        async def give_back(by: StaffMember) -> None:
            now = console().clock.now()
            with told() as outcome:
                await in_store(
                    lambda session: return_to_bot(
                        session,
                        conversation_id,
                        by,
                        wrap_up=wrap_up.value,
                        about=about.value,
                        policy=policy(),
                        now=now,
                    )
                )
            if not outcome.is_refused:
                ui.navigate.to("/queue")

        with actions():
            button(say("Cancel"), shown.close)
            button(say("Give back"), give_back, kind="primary")
    shown.open()


def _whom(others: Sequence[Colleague], member: StaffMember) -> dict[str, str]:
    """Teams, and colleagues who are at work, with how much they have to do."""
    teams = {f"{TEAM}{skill}": say("Team: %(skill)s", skill=skill_in_words(skill)) for skill in policy().support.skills}
    there = [each for each in others if each.is_present and each.member.id != member.id]
    return {str(each.member.id): f"{each.member.name} ({each.load}/{each.member.capacity})" for each in there} | teams
