"""Cards that compare plans: what a channel needs to draw each of them beside the present schedule."""

import pytest

from respite.support.messages import PlansCard
from tests.databases import ON_SQLITE
from tests.unit.actions.talk import chat_as

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("store_url")]


def test_plans_to_choose_from_bring_their_schedules_and_the_present_one() -> None:
    (reply,) = chat_as("late").run("action_offer_plans", "report_hardship")
    card = PlansCard.model_validate(reply.card)
    assert len(card.options) >= 2
    assert card.before
    for option in card.options:
        figures = {line.label: line.value for line in option.lines}
        assert (option.schedule[0].due_date, option.schedule[-1].due_date) == (
            figures["first_due"],
            figures["last_due"],
        )
        assert len(option.schedule) == int(figures["count"])
