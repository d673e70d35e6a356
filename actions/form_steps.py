"""Where a form goes next: it asks again, or it is left."""

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.base import Events
from actions.turn import Turn

REQUEST_SLOTS = ("deferral_until", "restructuring_size")


def ask_again(turn: Turn) -> Events:
    """The form under way, if any, asks again for what it needs."""
    form = turn.tracker.active_loop_name
    return [FollowupAction(form)] if form else []


def forget_request() -> Events:
    return [SlotSet(slot, None) for slot in REQUEST_SLOTS]


def leave_form(turn: Turn) -> Events:
    """No form is under way any more, and what it had gathered is forgotten."""
    left: Events = [ActiveLoop(None), SlotSet("requested_slot", None)] if turn.tracker.active_loop_name else []
    return left + forget_request()
