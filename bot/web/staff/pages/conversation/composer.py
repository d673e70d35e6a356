"""Where a member writes on the page: replies, private notes, drafts that are kept while they look elsewhere."""

from collections.abc import Sequence

from nicegui.element import Element

from bot.web.assets import assets_path
from bot.web.staff.names import READS
from bot.web.staff.pages.conversation.glimpse import Heading, Standing
from bot.web.staff.texts import say
from respite.languages import to_traditional
from respite.support.attachments import MEDIA_TYPES
from respite.support.canned_replies import Reply

MOST_DRAFTS = 2_000

_drafts: dict[tuple[int, str], str] = {}
"""What members have begun to write, by member and conversation; in memory only."""


class Composer(Element, component="composer.js"):
    """Emits `note`, `draft`, `fill` (the name of a ready reply) and `writing`."""

    def __init__(self, conversation_id: str, member_id: int, replies: Sequence[Reply]) -> None:
        super().__init__()
        self._key = member_id, conversation_id
        self._shown: object = None
        self._props["draft"] = _drafts.get(self._key, "")
        self._props["replies"] = [{"name": reply.name, "text": reply.text} for reply in replies]
        self._props["preview"] = ""

    def show(self, heading: Heading) -> None:
        """Let the member write, or say why they cannot."""
        shown = _lock(heading), heading.reads
        if shown == self._shown:
            return
        self._shown = shown
        self._props["lock"] = _lock(heading)
        self._props["isTraditional"] = heading.reads == "zh-Hant"
        self._props["words"] = _words(heading.reads)
        self.keep(_drafts.get(self._key, ""))
        self.update()

    def keep(self, draft: str) -> None:
        """Keep what is written so far, and show it as it will be read."""
        _drafts.pop(self._key, None)
        if draft:
            _drafts[self._key] = draft
        while len(_drafts) > MOST_DRAFTS:
            _drafts.pop(next(iter(_drafts)))
        if self._props["isTraditional"]:
            self._props["preview"] = to_traditional(draft)
            self.update()

    def put(self, text: str) -> None:
        """Have a ready reply stand in the field, to be looked at and sent."""
        self.run_method("put", text)


def _lock(heading: Heading) -> str:
    """Why one cannot write to the borrower; nothing where one can."""
    match heading.standing:
        case Standing.MINE:
            return ""
        case Standing.WAITING:
            return say("Claim this conversation to write to the borrower.")
        case Standing.TAKEN:
            return say("%(name)s has this conversation. You can leave a private note.", name=heading.owner)
        case Standing.BOT:
            return say("The bot has this conversation. Take it over to write to the borrower.")


def _words(reads: str) -> dict[str, str]:
    return {
        "icons": f"{assets_path()}/staff/icons.svg",
        "what": say("What you write"),
        "reply": say("Reply"),
        "note": say("Private note"),
        "reads": say("The borrower reads %(script)s", script=say(READS[reads])),
        "noteHint": say("Only staff see this"),
        "placeholder": say("Write to the borrower, or type / for a ready reply"),
        "notePlaceholder": say("Write a note for yourself and your colleagues"),
        "replies": say("Ready replies"),
        "preview": say("Goes out as:"),
        "attach": say("Send a file"),
        "accept": ",".join(MEDIA_TYPES),
        "hint": say("Enter sends, Shift and Enter begin a new line"),
        "reconnecting": say("No connection. You can send again as soon as everything is here."),
        "send": say("Send"),
        "keepNote": say("Keep note"),
    }
