"""A one-time code on its way to a borrower's phone, and the words it arrives in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from respite.languages import to_traditional, written_in
from respite.policies.model import Language, Words

CODE_MINUTES = 5
WORDS: dict[Language, str] = {
    "en": "{lender}: your code is {code}. It works for {minutes} minutes. We never ask for it on the phone.",
    "zh": "【{lender}】验证码 {code}，{minutes} 分钟内有效。我们不会打电话向您要验证码，请勿告诉任何人。",
}


@dataclass(frozen=True)
class OneTimeCode:
    """A code for one conversation; `phone` is in E.164, `language` is en, zh-Hans or zh-Hant.

    `id` is the same however often the code is sent.
    """

    conversation_id: str
    phone: str
    code: str = field(repr=False)
    language: str
    made_at: datetime
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def expires_at(self) -> datetime:
        return self.made_at + timedelta(minutes=CODE_MINUTES)

    def text(self, lender: Words) -> str:
        """What the borrower reads, from the lender of this name."""
        language = written_in(self.language)
        text = WORDS[language].format(lender=lender[language], code=self.code, minutes=CODE_MINUTES)
        return to_traditional(text) if self.language == "zh-Hant" else text
