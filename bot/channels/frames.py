"""What a page sends."""

from typing import Annotated, Literal
from uuid import uuid4

from pydantic import BaseModel, Field, TypeAdapter, model_validator

CLIENT_ID = "^[A-Za-z0-9_-]{1,60}$"
"""The id that a page gives a message, under which it is taken once."""

RequestName = Literal["", "person", "sign_in", "stop", "dispute", "complaint", "hardship", "data_copy", "data_erasure"]


class Frame(BaseModel):
    """A text, a button's reference or a request."""

    client_id: Annotated[str, Field(pattern=CLIENT_ID, default_factory=lambda: uuid4().hex)]
    text: str = ""
    button: Annotated[str, Field(pattern="^[A-Za-z0-9 _-]{0,32}$")] = ""
    request: RequestName = ""

    @model_validator(mode="after")
    def says_one_thing(self) -> "Frame":
        if [bool(self.text.strip()), bool(self.button), bool(self.request)].count(True) != 1:
            raise ValueError("send one of text, button and request")
        return self


class Seen(BaseModel):
    """The id of the last entry that the borrower has had before their eyes."""

    seen: Annotated[int, Field(ge=0, le=2**31 - 1)]


class Writing(BaseModel):
    """Whether the borrower is writing just now."""

    writing: bool


class ChatPass(BaseModel):
    """The first frame from a page in a frame, which has no cookie."""

    chat_pass: Annotated[str, Field(max_length=1000)]


from_page: TypeAdapter[Seen | Writing | Frame] = TypeAdapter(Seen | Writing | Frame)
