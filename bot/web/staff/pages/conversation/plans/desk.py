"""The plan desk on the page: quote, compare, offer in the chat, or ask somebody who may grant more."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from bot.transactions import with_book
from bot.web.staff.circumstances import circumstances
from bot.web.staff.current import act
from bot.web.staff.design import states
from bot.web.staff.design.buttons import button
from bot.web.staff.design.fields import complaint, long_text_field
from bot.web.staff.design.tags import tag
from bot.web.staff.names import AUTHORITIES
from bot.web.staff.pages.conversation.file import money
from bot.web.staff.pages.conversation.file.blocks import Section, Sections
from bot.web.staff.pages.conversation.plans.comparison import draw_comparison
from bot.web.staff.pages.conversation.plans.form import PlanForm, PlanFormError
from bot.web.staff.pages.conversation.plans.words import refusal_in_words, request_in_words
from bot.web.staff.refusals import told
from bot.web.staff.texts import say
from bot.web.staff.visits import visit
from respite.plans.refusals import PlanRefusedError
from respite.plans.terms import PlanTerms
from respite.store.models import StaffMember
from respite.support.approvals import request_approval
from respite.support.borrower_file import BorrowerFile
from respite.support.plan_offers import offer_plans, preview
from respite.support.plan_requests import PlanRequest
from respite.support.words import words_in

MOST_AT_ONCE = 3


class PlanDesk:
    """Quotes for one conversation that are not offered yet, and what became of those that were."""

    def __init__(self, conversation_id: str) -> None:
        self._conversation_id = conversation_id
        self._loans: dict[str, str] = {}
        self._shown: object = None
        self._quoted: list[tuple[PlanRequest, PlanTerms]] = []
        self._form_holder = ui.element("div").classes("desk-form")
        self._result = ui.element("div").classes("desk-result")
        self._offers = Sections([Section("Offers and refusals", money.offers, is_open=True)])
        with self._form_holder:
            states.loading()

    def show(self, file: BorrowerFile) -> None:
        """Be about the loans of a file; a form that is filled in stays as long as they do."""
        self._offers.show(file)
        words = words_in(visit().language)
        loans = {each.reference: f"{words.of(each.product.name)} · {each.reference}" for each in file.loans}
        shown = loans, file.verified is not None
        if shown != self._shown:
            self._shown, self._loans = shown, loans
            self._draw_form(is_signed_in=file.verified is not None)

    def _draw_form(self, *, is_signed_in: bool) -> None:
        self._form_holder.clear()
        with self._form_holder:
            if not is_signed_in:
                hint = say("Ask the borrower to sign in. Then their loans stand here.")
                states.empty(say("Nobody is signed in"), hint, "lock")
                return
            if not self._loans:
                states.empty(say("Nothing is owed"), symbol="check")
                return
            form = PlanForm(self._loans)
            wrong = complaint()
            button(say("Quote"), self._quoting(form, wrong), symbol="plus", shortcut="q")

    def _quoting(self, form: PlanForm, wrong: TextElement) -> Callable[[], Awaitable[None]]:
        @act()
        async def quote(by: StaffMember) -> None:
            wrong.set_text("")  # type: ignore[attr-defined]
            try:
                plan = form.plan()
            except PlanFormError as error:
                wrong.set_text(say(str(error)))  # type: ignore[attr-defined]
                return
            given = circumstances()
            try:
                with told():
                    offer = await with_book(lambda session: preview(session, self._conversation_id, by, plan, given))
                    self._quoted = [*self._of_the_same_loan(plan), (plan, PlanTerms.of(offer))][-MOST_AT_ONCE:]
                    self._draw_quoted()
            except PlanRefusedError as refused:
                self._draw_refused(plan, refused)

        return quote

    def _of_the_same_loan(self, plan: PlanRequest) -> list[tuple[PlanRequest, PlanTerms]]:
        """What is quoted already and can be offered together with a plan."""
        of_loan = [each for each in self._quoted if each[0].loan_reference == plan.loan_reference]
        return [each for each in of_loan if each[0] != plan]

    def _draw_quoted(self) -> None:
        self._result.clear()
        if not self._quoted:
            return
        with self._result:
            draw_comparison([terms for _, terms in self._quoted], self._leave_out)
            words = say("Offer in the chat") if len(self._quoted) == 1 else say("Offer these in the chat")
            button(words, self._offer(), kind="primary", symbol="reply")

    def _leave_out(self, place: int) -> None:
        del self._quoted[place]
        self._draw_quoted()

    def _offer(self) -> Callable[[], Awaitable[None]]:
        @act()
        async def offer(by: StaffMember) -> None:
            given, plans = circumstances(), [plan for plan, _ in self._quoted]
            try:
                with told() as outcome:
                    await with_book(lambda session: offer_plans(session, self._conversation_id, by, plans, given))
            except PlanRefusedError as refused:  # something has changed since it was quoted
                self._draw_refused(plans[0], refused)
                return
            if not outcome.is_refused:
                self._quoted = []
                self._draw_quoted()
                ui.notify(say("Offered. The borrower looks at it and agrees in the chat."), type="positive")

        return offer

    def _draw_refused(self, plan: PlanRequest, refused: PlanRefusedError) -> None:
        self._result.clear()
        with self._result, ui.element("div").classes("refused"):
            tag("strong", request_in_words(plan))
            tag("p", refusal_in_words(refused), "complaint")
            granted_by = refused.decisive.granted_by
            if granted_by is None:
                return
            why = long_text_field(say("Why it should be granted"), lines=2)
            words = say("Ask for approval (%(role)s)", role=say(AUTHORITIES[granted_by]))
            button(words, self._asking(plan, why), kind="primary")

    def _asking(self, plan: PlanRequest, why: ui.textarea) -> Callable[[], Awaitable[None]]:
        @act()
        async def ask(by: StaffMember) -> None:
            if not why.value.strip():
                ui.notify(say("Give a reason, so that somebody can decide."), type="warning")
                return
            given = circumstances()
            try:
                with told() as outcome:
                    await with_book(
                        lambda session: request_approval(session, self._conversation_id, by, plan, why.value, given)
                    )
            except PlanRefusedError as refused:
                self._draw_refused(plan, refused)
                return
            if not outcome.is_refused:
                self._draw_quoted()
                ui.notify(say("Asked. You see the decision here."), type="positive")

        return ask
