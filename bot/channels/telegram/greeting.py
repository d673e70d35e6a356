"""The first message: whose bot this is, what it can do, how to sign in, reach a person and be left alone."""

from bot.incoming import VERIFY_IDENTITY
from bot.texts import translate
from respite.languages import to_traditional, written_in
from respite.policies.load import policy
from respite.policies.model import Words
from respite.support.messages import Button, Message

HELLO = (
    "Hello, I am the repayment assistant of %(lender)s, a bot. I can show you what you owe, what being late really "
    "costs, and what we can do about it."
)
SIGNED_IN = "You are signed in here. Ask me anything in your own words."
SIGN_IN_FIRST = "To see your own figures, sign in first: with the phone number of your account and a code."
PERSON = "To talk to a person, send /human or call %(phone)s (%(hours)s)."
LEFT_ALONE = "Send /stop and we send you no more reminders."


def greeting(language: str, is_signed_in: bool, notice: str = "") -> Message:
    """The greeting in a borrower's language (en, zh-Hans, zh-Hant), with a `notice`, in English, of what went wrong."""
    lender = policy().lender
    paragraphs = [
        translate(language, HELLO, lender=_in_script(lender.name, language)),
        *([translate(language, notice)] if notice else []),
        translate(language, SIGNED_IN if is_signed_in else SIGN_IN_FIRST),
        translate(language, PERSON, phone=lender.support_phone, hours=_in_script(lender.support_hours, language)),
        translate(language, LEFT_ALONE),
    ]
    offered = ("What do I owe?", "/query_bill") if is_signed_in else ("Sign in", VERIFY_IDENTITY)
    buttons = (offered, ("Talk to a person", "/request_human"))
    return Message(
        text="\n\n".join(paragraphs),
        buttons=tuple(Button(title=translate(language, title), payload=payload) for title, payload in buttons),
    )


def _in_script(words: Words, language: str) -> str:
    text = words[written_in(language)]
    return to_traditional(text) if language == "zh-Hant" else text
