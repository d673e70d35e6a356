"""Which of our languages a browser asks for."""

from starlette.requests import HTTPConnection

TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


def preferred_language(connection: HTTPConnection) -> str:
    """The first of our languages that the browser asks for; English when it asks for none of them."""
    asked = connection.headers.get("accept-language", "").split(",")
    return next((language for language in map(our_language, asked) if language), "en")


def our_language(tag: str) -> str | None:
    """Our language (en, zh-Hans, zh-Hant) for a language tag (BCP 47), with or without a quality; None for others."""
    spoken, *rest = tag.partition(";")[0].strip().lower().split("-")
    if spoken == "zh":
        return "zh-Hant" if TRADITIONAL.intersection(rest) else "zh-Hans"
    return "en" if spoken == "en" else None
