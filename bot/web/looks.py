"""How the page of this installation looks, from its settings."""

from starlette.requests import HTTPConnection

from bot.web.rendering import Look, Scheme
from respite.languages import to_traditional, written_in
from respite.settings import Settings
from respite.store.demo_book import DemoBorrower, demo_borrowers


def look_of(connection: HTTPConnection, language: str) -> Look:
    """The page of its own, in `language` (en, zh-Hans, zh-Hant)."""
    settings: Settings = connection.app.state.settings
    return Look(
        demo_borrowers=visitors(language) if settings.demo else (),
        has_theme=settings.theme is not None,
        has_telegram=settings.telegram_token is not None,
    )


def look_in_frame(connection: HTTPConnection, scheme: Scheme = "light dark") -> Look:
    """The page in a frame of one of the lender's pages."""
    settings: Settings = connection.app.state.settings
    return Look(
        has_theme=settings.theme is not None,
        has_telegram=settings.telegram_token is not None,
        scheme=scheme,
        embedders=embedders(connection),
    )


def embedders(connection: HTTPConnection) -> tuple[str, ...]:
    """The origins whose pages may show the chat in a frame; in a demonstration, its own page that plays a lender."""
    settings: Settings = connection.app.state.settings
    allowed = tuple(settings.embed_origins.split())
    own = f"{connection.url.scheme}://{connection.url.netloc}"
    return (*allowed, own) if settings.demo else allowed


def visitors(language: str) -> tuple[DemoBorrower, ...]:
    """Whom to try a demonstration as."""
    borrowers = tuple(DemoBorrower(*borrower) for borrower in demo_borrowers(written_in(language)))
    if language != "zh-Hant":
        return borrowers
    return tuple(borrower._replace(what_to_try=to_traditional(borrower.what_to_try)) for borrower in borrowers)
