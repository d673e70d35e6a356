"""The forms in front of the door, as HTML: they work without a script, and password managers know them."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.texts import translations
from bot.web.assets import assets_path
from bot.web.staff.console import PATH, lender_name
from bot.web.staff.texts import DOMAIN


def form(name: str, language: str, status: int = 200, **values: object) -> HTMLResponse:
    """A form in `language` (en, zh-Hans, zh-Hant), kept by no cache."""
    html = _environment(language).get_template(f"staff/{name}.html").render(**values)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.web"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations(language, DOMAIN), newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "language": language,
        "lender": lender_name(language),
        "path": PATH,
        "static": assets_path(),
    }
    return environment
