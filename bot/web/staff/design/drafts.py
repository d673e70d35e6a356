"""What somebody is writing, kept for when the part of the page in which they write is drawn anew."""

from nicegui.elements.textarea import Textarea


class Drafts:
    """The unfinished words of one page, each under a key of what they are for."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}

    def keep(self, key: str, field: Textarea) -> Textarea:
        """Fill a field with what was written there before, and keep what is written from now on."""
        field.value = self._words.get(key, field.value)
        field.on_value_change(lambda change: self._words.update({key: change.value}))
        return field

    def forget(self, key: str) -> None:
        self._words.pop(key, None)
