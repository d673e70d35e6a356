"""What a borrower says in a conversation under test: they sign in, ask, take a plan, complain, want a person."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "phone", "code", "first plan"]


@dataclass(frozen=True)
class Step:
    """One message: a text, or what only this borrower can say at this point."""

    name: str
    kind: Kind = "text"
    text: str = ""


SIGN_IN = (
    Step("asks while a stranger", text="how much do I owe"),
    Step("gives the phone number", "phone"),
    Step("types the code", "code"),
)
AFTER_SIGNING_IN: tuple[tuple[Step, ...], ...] = (
    (
        Step("asks when", text="when is my next payment due"),
        Step("asks what if", text="what happens if I pay a week late"),
        Step("asks for all", text="how much to pay off everything"),
    ),
    (Step("wants to pay later", text="can I pay a bit later"),),
    (Step("chooses a plan", "first plan"),),
    (Step("consents", text="yes"),),
    (Step("asks for the plan", text="how is my plan doing"),),
    (Step("complains", text="I have a complaint, somebody called me at night"),),
    (Step("wants a person", text="I want to talk to a person"), Step("says thanks", text="thanks")),
)
"""What is said at once, without waiting for an answer in between, and then what is said after that was answered."""
