"""What counts as a yes: a pressed button, or words that say so. The classifier's guess alone books nothing."""

import re

from rasa_sdk import Tracker

CERTAIN = 0.7
"""The least confidence, as a probability, with which an affirmation is taken for consent."""
YES = re.compile(
    r"\b(?:y|yes|yeah|yep|yup|ok|okay|sure|fine|good|great|perfect|agree|agreed|accept|confirm|approve|book|deal"
    r"|correct|right|exactly|do it|go ahead|take it)\b"
    r"|好|行|可以|嗯|要|妥|[对對]|[办辦]|同意|[确確][认認定]|[没沒][问問][题題]|^是|是[的啊呀]?$|👍|👌|✅",
    re.IGNORECASE,
)
NOT_WORDS = re.compile(r"[{}<>\[\]=\\]")


def is_consent(tracker: Tracker) -> bool:
    """Whether the latest message, already understood as an affirmation, is one beyond doubt."""
    message = tracker.latest_message
    said = message.get("text") or ""
    if said.startswith("/"):  # Only a button's payload does: a borrower's own slashes are taken away.
        return True
    is_certain = message["intent"]["confidence"] >= CERTAIN
    return is_certain and bool(YES.search(said)) and not NOT_WORDS.search(said)
