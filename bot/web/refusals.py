"""What a borrower's browser is refused, in words that the catalogue has in every language."""

from fastapi import HTTPException

from bot.texts import translate


class Refusal(HTTPException):
    """An answer that says what was wrong and what to do: `text`, with `values` in the places of its `%(name)s`."""

    def __init__(self, status_code: int, text: str, **values: str) -> None:
        super().__init__(status_code, text % values)
        self.text = text
        self.values = values

    def reason_in(self, language: str) -> str:
        return translate(language, self.text, **self.values)
