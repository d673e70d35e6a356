"""What anybody might do next in a chat: sense, nonsense and attacks, drawn at random."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.conversations.chat import Chat, buttons_of
from tests.lints.project import examples

WORDS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Move:
    """One thing done in a chat: words typed, or a button pressed by its reference, here with its title."""

    text: str = ""
    button: str = ""
    title: str = ""
    is_consent: bool = False

    def __str__(self) -> str:
        shown = repr(self.text if len(self.text) < 120 else f"{self.text[:120]}…")
        return f"[{self.title or self.button}]" if self.button else shown


class Mind:
    """A borrower, or somebody who only says so, whose next move `random` decides."""

    def __init__(self, random: Random, chat: Chat, strangers_things: list[str], others: list[Chat]) -> None:
        self._random = random
        self._chat = chat
        self._strangers_things = strangers_things
        self._others = others
        self._sentences = [(text, intent) for intent, texts in examples().items() for text in texts]
        self._moves: dict[Callable[[], Move], int] = {
            self._sense: 34,
            self._button: 26,
            self._detail: 12,
            self._yes: 8,
            self._worthless: 5,
            self._attack: 6,
            self._noise: 3,
            self._long: 1,
            self._old_button: 2,
            self._foreign_button: 2,
            self._somebody_elses: 3,
        }

    def next_move(self) -> Move:
        [move] = self._random.choices(list(self._moves), list(self._moves.values()))
        return move()

    def _sense(self) -> Move:
        said = self._random.choices(self._sentences, k=1 if self._random.random() < 0.9 else 2)
        text = self._random.choice(("? ", "，", " ")).join(text for text, _ in said)
        return Move(text, is_consent="affirm" in (intent for _, intent in said))

    def _detail(self) -> Move:
        return Move(self._random.choice(WORDS["detail"]))

    def _yes(self) -> Move:
        return Move(self._random.choice(WORDS["consent"]), is_consent=True)

    def _worthless(self) -> Move:
        return Move(self._random.choice(WORDS["worthless"]))

    def _attack(self) -> Move:
        return Move(self._random.choice(WORDS["attack"]))

    def _noise(self) -> Move:
        """Characters of anywhere in Unicode but surrogates, which are none."""
        points = [self._random.choice((0x7F, 0x2FFF, 0x9FFF, 0x1FAFF)) for _ in range(self._random.randint(1, 60))]
        drawn = (self._random.randint(0, most) for most in points)
        return Move("x" + "".join(chr(point) for point in drawn if not 0xD800 <= point <= 0xDFFF))

    def _long(self) -> Move:
        word = self._random.choice(("I cannot pay. ", "好", "/affirm ", "1", "😭"))
        length = self._random.choice((1_999, 2_001, 10_000))
        return Move((word * length)[:length], is_consent=word == "好")

    def _button(self) -> Move:
        """One of the latest buttons that still work."""
        usable = [
            button for message in self._chat.messages[-3:] for button in buttons_of(message) if button["reference"]
        ]
        return _press(self._random.choice(usable)) if usable else self._sense()

    def _old_button(self) -> Move:
        return self._any_button(self._chat)

    def _foreign_button(self) -> Move:
        return self._any_button(self._random.choice(self._others))

    def _any_button(self, chat: Chat) -> Move:
        shown = [button for message in chat.messages for button in buttons_of(message) if button["reference"]]
        return _press(self._random.choice(shown)) if shown else Move(button="f" * 32, title="made up")

    def _somebody_elses(self) -> Move:
        thing = self._random.choice(self._strangers_things)
        return Move(
            self._random.choice(("{}", "what is due on {}", "{}我要还多少", "defer {} by 10 days")).format(thing)
        )


def _press(button: dict[str, Any]) -> Move:
    return Move(button=button["reference"], title=button["title"])
