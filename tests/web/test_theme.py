"""A lender's own colours and fonts, and what is made of them where they could not be read."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web import samples
from tests.web.stand_in import StandIn
from tests.web.talking import take_picture

THEMES = {
    "plum": ":root { --respite-accent: #7a3e9d; --respite-radius: .5rem; --respite-heading-font: system-ui; }",
    "yellow": ":root { --respite-accent: gold; }",
    "black": ":root { --respite-accent: #111; --respite-background: #fff; --respite-surface: #fff; }",
    "pale": ":root { --respite-accent: oklch(80% 0.1 200); --respite-text: #999; --respite-background: #eee; }",
    "night": ":root { --respite-background: #101820; --respite-surface: #18222d; --respite-accent: #0af; }",
}


@pytest.fixture
def themed(open_page: Callable[[], Page], hub: StandIn) -> Callable[[str], Page]:
    def open_it(theme: str) -> Page:
        hub.theme, hub.look = theme, replace(hub.look, has_theme=True)
        hub.entries = samples.conversation()
        hub.read_up_to = 10
        return open_page()

    return open_it


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", THEMES)
def test_whatever_the_colours_text_can_be_read(
    themed: Callable[[str], Page], page: Page, name: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    themed(THEMES[name])
    page.wait_for_function("() => document.documentElement.style.getPropertyValue('--accent')")
    take_picture(page, f"theme-{name}-{scheme}")
    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


def test_a_colour_that_can_be_read_is_left_as_it_is(themed: Callable[[str], Page]) -> None:
    page = themed(THEMES["plum"])

    expect(page.locator(".send")).to_have_css("background-color", "rgb(122, 62, 157)")
    expect(page.locator("h1")).to_have_css("font-family", "system-ui")


def test_the_colours_follow_when_evening_comes(themed: Callable[[str], Page], page: Page) -> None:
    themed(THEMES["black"].replace("--respite-background: #fff; --respite-surface: #fff;", ""))
    expect(page.locator(".send")).to_have_css("background-color", "rgb(17, 17, 17)")
    page.emulate_media(color_scheme="dark")

    expect(page.locator(".send")).not_to_have_css("background-color", "rgb(17, 17, 17)")
