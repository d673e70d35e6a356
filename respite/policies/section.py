"""What the sections of a policy file are made of: kinds of values, and how a mistake in one is said."""

from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Protocol, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Language = Literal["en", "zh"]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OnADay(Protocol):
    """Something that a lender does on a day."""

    @property
    def day(self) -> int: ...


def in_every_language(words: dict[Language, str]) -> dict[Language, str]:
    missing = [language for language in get_args(Language) if not words.get(language, "").strip()]
    if missing:
        raise ValueError(f"say it in {' and '.join(missing)} too")
    return words


def written_as_time(value: Any) -> Any:
    """YAML takes a bare 21:00 for a number of minutes."""
    if not isinstance(value, str | time):
        raise ValueError(f'is {value!r}; write the time in quotes, such as "21:00"')
    return value


def within(most: int, name: str, key: str, numbers: Sequence[int]) -> None:
    """Raise the mistake at `key` unless its `numbers` rise and none is above `most`, the value of the key `name`."""
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise mistake_at((key,), numbers, f"holds {list(numbers)}; write each once, the smallest first")
    too_large = [number for number in numbers if number > most]
    if too_large:
        sentence = f"offers {too_large}, above {name} ({most}); leave it out, or raise {name}"
        raise mistake_at((key,), numbers, sentence)


def day_by_day(steps: Sequence[OnADay]) -> None:
    """Raise the mistake unless each step comes on a later day than the one before it."""
    for place, (earlier, later) in enumerate(pairwise(steps), start=1):
        if later.day <= earlier.day:
            sentence = f"is {later.day}, which does not come after {earlier.day}; put the earliest day first"
            raise mistake_at((place, "day"), later.day, sentence)


def mistake_at(place: tuple[str | int, ...], value: Any, sentence: str) -> ValidationError:
    """A mistake at a place below the field that is being validated."""
    kind = PydanticCustomError("value_error", "{error}", {"error": sentence})
    return ValidationError.from_exception_data("policy", [InitErrorDetails(type=kind, loc=place, input=value)])


Words = Annotated[dict[Language, str], AfterValidator(in_every_language)]
Percent = Annotated[Decimal, Field(ge=0, le=1000)]
Share = Annotated[Decimal, Field(ge=0, le=100)]
Amount = Annotated[Decimal, Field(ge=0)]
Days = Annotated[int, Field(ge=0, le=3660)]
TimeOfDay = Annotated[time, BeforeValidator(written_as_time)]
