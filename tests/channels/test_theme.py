"""The lender's own style sheet, as a setting names it."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from respite.settings import Settings

CSS = ":root { --respite-accent: #7a3e9d; }"


@pytest.fixture
def web_settings(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "theme.css").write_text(CSS)
    return {"theme": tmp_path / "theme.css"}


@pytest.mark.parametrize("path", ["/", "/embedded", "/enter"])
async def test_every_page_wears_it(browser: httpx.AsyncClient, path: str) -> None:
    assert '<link rel="stylesheet" href="/theme.css">' in (await browser.get(path)).text
    theme = await browser.get("/theme.css")
    assert theme.text == CSS
    assert theme.headers["content-type"].startswith("text/css")


def test_a_file_that_is_not_there_is_named_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="theme"):
        Settings(theme=tmp_path / "missing.css")
