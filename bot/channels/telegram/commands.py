"""What a borrower can send as a command, such as /start or /help, and what the hub is then told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.channels.telegram.chats import OpenChat, leave_chat
from bot.channels.telegram.documents import latest_plan
from bot.channels.telegram.greeting import greeting
from bot.incoming import CHANGE_LANGUAGE, MENU, REQUESTS, VERIFY_IDENTITY, Incoming
from bot.texts import LANGUAGES, translate
from bot.transactions import from_store, in_store
from respite.clock import Clock
from respite.identity import link_tokens
from respite.identity.challenges import Purpose
from respite.identity.link_tokens import ChatOfAnotherError, LinkTokenError
from respite.store.models import Verification
from respite.support.messages import Button, Message, ReviewCard

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@\w+)?(?:\s+(?P<rest>\S+).*)?\s*", re.DOTALL)

UNKNOWN = "I do not know this command. Write in your own words what you need, or send /help."
WHAT_ELSE = "What else can I do for you?"
WHICH_LANGUAGE = "In which language shall we go on?"
DEAD_LINK = (
    "This link no longer works: it can be used once and for a few minutes only. Open it anew where you found it, or "
    "sign in here."
)
CHAT_OF_ANOTHER = (
    "This chat belongs to another account, so the link cannot sign you in here. Send /leave to leave this chat, then "
    "open the link again."
)
LEFT = "You have left this chat: nobody is signed in here any more. What was said you can delete in Telegram."
CONFIRMATION = "Here is the confirmation of your plan %(reference)s."
NO_PLAN = "No plan of yours is booked yet. Tell me what you can pay, and I show you what is possible."
SIGN_IN_FOR_CONFIRMATION = "Please sign in first, then send /confirmation again."


@dataclass(frozen=True)
class Command:
    """A command in lower case, and the word after it."""

    name: str
    rest: str = ""


def command_in(text: str) -> Command | None:
    """The command that a text is; whatever else begins with a slash has a name that nobody knows."""
    if not text.startswith("/"):
        return None
    match = COMMAND.fullmatch(text)
    return Command(match["name"].lower(), match["rest"] or "") if match else Command("")


async def obey(chat: OpenChat, command: Command, text: str, clock: Clock) -> Sequence[Incoming]:
    """What the hub is told of a command that was sent as `text`."""
    match command.name:
        case "start":
            return await _start(chat, command.rest, clock)
        case "help":
            return [chat.said(request="help")]
        case "human":
            return [chat.said(request="person")]
        case "stop":
            return [chat.said(request="stop")]
        case "menu":
            return [chat.said(text="/menu", answer=_menu(chat.language))]
        case "language":
            return [chat.said(text="/language", answer=_languages(chat.language))]
        case "confirmation":
            return [await from_store(lambda session: _confirmation(session, chat))]
        case "leave":
            left = await in_store(lambda session: leave_chat(session, chat, clock.now()))
            return [left.said(text="/leave", answer=Message(text=translate(chat.language, LEFT)))]
        case _:
            return [chat.said(text=text, answer=Message(text=translate(chat.language, UNKNOWN)))]


async def _start(chat: OpenChat, token: str, clock: Clock) -> Sequence[Incoming]:
    """Greet; with the token of a link, sign its borrower in, or say kindly that it signs nobody in."""
    if not token:
        return [_greet(chat)]
    try:
        has_question = await in_store(lambda session: _enter(session, chat, token, clock))
    except ChatOfAnotherError:
        return [_greet(chat, CHAT_OF_ANOTHER)]
    except LinkTokenError:
        if not chat.is_signed_in:
            return [_greet(chat, DEAD_LINK)]
        has_question = await from_store(lambda session: _has_question(session, chat))
    greet = _greet(replace(chat, is_signed_in=True))
    answer_question = replace(chat, key=f"{chat.key}:question").said(request="sign_in")
    return [greet, answer_question] if has_question else [greet]


def _greet(chat: OpenChat, notice: str = "") -> Incoming:
    return chat.said(text="/start", answer=greeting(chat.language, chat.is_signed_in, notice))


def _enter(session: Session, chat: OpenChat, token: str, clock: Clock) -> bool:
    """Sign in, and say whether a question has waited for it. Raises LinkTokenError."""
    link_tokens.redeem(session, token, chat.conversation_id, clock.now())
    return _has_question(session, chat)


def _has_question(session: Session, chat: OpenChat) -> bool:
    """Whether a question has waited for the sign-in and is not answered yet, also where the link came before."""
    row = session.get(Verification, chat.conversation_id)
    return row is not None and row.purpose == Purpose.SIGN_IN and row.interrupted_question is not None


def _menu(language: str) -> Message:
    buttons = (Button(title=translate(language, title), payload=REQUESTS[name].payload) for name, title in MENU)
    return Message(text=translate(language, WHAT_ELSE), buttons=tuple(buttons))


def _languages(language: str) -> Message:
    payload = f'{CHANGE_LANGUAGE}{{{{"language_request": "{{code}}"}}}}'
    buttons = (Button(title=name, payload=payload.format(code=code)) for code, name in LANGUAGES.items())
    return Message(text=translate(language, WHICH_LANGUAGE), buttons=tuple(buttons))


def _confirmation(session: Session, chat: OpenChat) -> Incoming:
    """The confirmation of the plan that was booked last, enclosed as soon as this is sent."""
    if not chat.is_signed_in:
        sign_in = Button(title=translate(chat.language, "Sign in"), payload=VERIFY_IDENTITY)
        answer = Message(text=translate(chat.language, SIGN_IN_FOR_CONFIRMATION), buttons=(sign_in,))
    elif plan := latest_plan(session, chat.conversation_id):
        card = ReviewCard(
            state="booked",
            title=translate(chat.language, "Plan"),
            loan_reference=plan.loan.reference,
            reference=plan.reference,
            lines=(),
            before=(),
            after=(),
        )
        answer = Message(text=translate(chat.language, CONFIRMATION, reference=plan.reference), card=card)
    else:
        answer = Message(text=translate(chat.language, NO_PLAN))
    return chat.said(text="/confirmation", answer=answer)
