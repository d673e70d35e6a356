"""What the core's own buttons mean to the bot."""

import json
import re

OF_A_PLAN = re.compile(r'/(?:affirm|deny)\b|/inform\{"quote_reference"')
OF_THE_BORROWERS_OWN = re.compile(r"/(?:rate_conversation|verify_identity|change_language)\b")


def payload(intent: str, **entities: str) -> str:
    """A button that the bot takes for a message with this intent and these entities."""
    return f"/{intent}{json.dumps(entities) if entities else ''}"


def is_for_the_bot(payload: str, *, plan_is_offered: bool) -> bool:
    """Whether a button is answered by the bot even while a member of staff has the conversation.

    That is what nobody does for the borrower: looking at, agreeing to or refusing a plan that is offered to them,
    showing who they are, choosing their language, and judging how it was.
    """
    return bool(OF_THE_BORROWERS_OWN.match(payload)) or (plan_is_offered and bool(OF_A_PLAN.match(payload)))
