"""People on Telegram: what they do, as the updates that Telegram makes of it."""

import itertools
from dataclasses import dataclass, field
from typing import Any

Update = dict[str, Any]

RIGHTS = dict.fromkeys(
    (
        "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
        "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
        "can_edit_stories", "can_delete_stories",
    ),
    False,
)  # fmt: skip

_update_ids = itertools.count(1000)
_message_ids = itertools.count(1)


def update(**content: Any) -> Update:
    return {"update_id": next(_update_ids), **content}


@dataclass
class Person:
    """Somebody who writes to the bot in private."""

    id: int
    language: str = "en"
    messages: list[Update] = field(default_factory=list)

    @property
    def user(self) -> Update:
        return {"id": self.id, "is_bot": False, "first_name": "A person", "language_code": self.language}

    @property
    def chat(self) -> Update:
        return {"id": self.id, "type": "private", "first_name": "A person"}

    def message(self, **content: Any) -> Update:
        return {"message_id": next(_message_ids), "date": 1, "chat": self.chat, "from": self.user, **content}

    def says(self, text: str) -> Update:
        return update(message=self.message(text=text))

    def sends(self, **content: Any) -> Update:
        return update(message=self.message(**content))

    def edits(self, earlier: Update, text: str) -> Update:
        return update(edited_message=earlier["message"] | {"text": text, "edit_date": 2})

    def presses(self, data: str, keyboard: list[Update] = ()) -> Update:  # type: ignore[assignment]
        markup = {"inline_keyboard": [[button] for button in keyboard]}
        query = {"id": "press", "from": self.user, "chat_instance": "1", "data": data}
        return update(callback_query=query | {"message": self.message(text="Choose", reply_markup=markup)})

    def blocks(self) -> Update:
        return self._membership("member", "kicked")

    def unblocks(self) -> Update:
        return self._membership("kicked", "member")

    def _membership(self, old: str, new: str) -> Update:
        return update(my_chat_member=membership(self.chat, self.user, old, new))


def membership(chat: Update, user: Update, old: str, new: str) -> Update:
    """What is told when the bot itself comes into a chat, leaves it or is blocked."""
    bot = {"id": 4242, "is_bot": True, "first_name": "Respite", "username": "respite_bot"}

    def member(status: str) -> Update:
        return {"status": status, "user": bot} | {"kicked": {"until_date": 0}, "administrator": RIGHTS}.get(status, {})

    return {"chat": chat, "from": user, "date": 1, "old_chat_member": member(old), "new_chat_member": member(new)}
