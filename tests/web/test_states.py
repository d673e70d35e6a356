"""Every state of the page, in every language, by day and by night, on phone and desktop: readable, usable by all."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from bot.web.rendering import Look, render_typing
from bot.web.socket import NO_CHAT
from respite.support.attachments import LARGEST_FILE
from tests.channels.servers import Server
from tests.web import samples
from tests.web.stand_in import DEMO, StandIn
from tests.web.talking import say, take_picture

SIZES: tuple[ViewportSize, ...] = ({"width": 390, "height": 844}, {"width": 1280, "height": 800})
DROP = """(it, [event, size]) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(size)], "scan.pdf", { type: "application/pdf" }));
  it.dispatchEvent(new DragEvent(event, { bubbles: true, cancelable: true, dataTransfer: files }));
}"""


@dataclass
class Scene:
    """A page that can be brought into a state, with the server behind it."""

    page: Page
    hub: StandIn
    server: Server

    def open(self) -> None:
        self.page.goto(self.server.url)
        expect(self.page.locator("#chat")).to_have_attribute("data-connection", "open")

    def empty(self) -> None:
        self.open()

    def demonstration(self) -> None:
        self.hub.look = Look(demo_borrowers=DEMO)
        self.open()

    def conversation(self) -> None:
        self.hub.entries = samples.conversation(self.hub.language)
        self.hub.read_up_to = 5
        self.open()
        self.page.locator(".entry details").evaluate_all("all => all.forEach(it => it.open = true)")

    def menu(self) -> None:
        self.hub.is_personal, self.hub.look = True, Look(has_telegram=True)
        self.open()
        self.page.locator("#menu summary").click()

    def unsent(self) -> None:
        """A message on its way, one that waits, one that failed, and a file that was refused."""
        self.hub.acknowledges = False
        self.open()
        for number, state in enumerate(("sending", "waiting", "failed")):
            say(self.page, "12345678"[: 4 + number])
            bubble = self.page.locator("#sending form").nth(number)
            expect(bubble).to_have_attribute("data-state", "sending")
            bubble.evaluate("(it, state) => it.dataset.state = state", state)
        self.page.locator("#draft").evaluate(DROP, ["drop", LARGEST_FILE + 1])
        expect(self.page.locator("#sending [data-state=refused]")).to_be_visible()

    def dropping(self) -> None:
        self.open()
        self.page.locator("#draft").evaluate(DROP, ["dragover", 1])

    def writing(self) -> None:
        self.hub.entries = samples.conversation(self.hub.language)[:2]
        self.hub.read_up_to = 2
        self.open()
        self.hub.at_once(self.hub.broadcast(render_typing(True, self.hub.language)))
        expect(self.page.locator(".typing")).to_be_visible()

    def offline(self) -> None:
        self.hub.entries = samples.conversation(self.hub.language)[:2]
        self.hub.read_up_to = 2
        self.open()
        self.server.stop()
        expect(self.page.locator("#reconnect")).to_be_visible()
        say(self.page, "123")

    def closed(self) -> None:
        self.open()
        self.hub.at_once(self.hub.hang_up(NO_CHAT))
        expect(self.page.locator("#reconnect")).to_be_visible()

    def expired(self) -> None:
        self.hub.is_personal = self.hub.is_expired = True
        self.hub.entries = [samples.entry(11, samples.SIGNED_OUT[self.hub.language], "system")]
        self.open()


STATES = (
    Scene.empty,
    Scene.demonstration,
    Scene.conversation,
    Scene.menu,
    Scene.unsent,
    Scene.dropping,
    Scene.writing,
    Scene.offline,
    Scene.closed,
    Scene.expired,
)
in_every_state = pytest.mark.parametrize("bring_about", STATES, ids=lambda state: state.__name__)
in_every_language = pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])


@pytest.fixture
def scene(page: Page, hub: StandIn, server: Server, language: str) -> Scene:
    hub.language = language
    return Scene(page, hub, server)


@in_every_state
@in_every_language
def test_axe_finds_nothing_and_nothing_needs_sideways_scrolling(
    scene: Scene, language: str, bring_about: Callable[[Scene], None]
) -> None:
    bring_about(scene)
    page = scene.page
    for size in SIZES:
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            take_picture(page, f"{bring_about.__name__}-{size['width']}-{scheme}-{language}")
            results = Axe().run(page)
            assert results.violations_count == 0, results.generate_report()
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        for element in ("html", "#scroller"):
            assert page.locator(element).evaluate("it => it.scrollWidth <= it.clientWidth"), (element, width)
        seen = page.locator("#chat *:not(.unseen, .unseen *):visible")
        assert seen.evaluate_all("(all) => Math.max(...all.map(it => it.getBoundingClientRect().right))") <= width


@in_every_state
@pytest.mark.parametrize("language", ["en"])
def test_whatever_can_be_pressed_is_large_enough_for_a_thumb(
    scene: Scene, language: str, bring_about: Callable[[Scene], None]
) -> None:
    bring_about(scene)
    small = scene.page.locator("button:visible, summary:visible, label:visible, a:visible").evaluate_all(
        """all => all.map(it => [it.textContent.trim(), it.getBoundingClientRect()])
          .filter(([, box]) => Math.min(box.width, box.height) < 24 && box.width > 1).map(([name]) => name)"""
    )

    assert small == []


@pytest.mark.parametrize("language", ["en"])
def test_every_focus_can_be_seen(scene: Scene, language: str) -> None:
    scene.conversation()
    places = scene.page.locator("button:visible:not([aria-disabled]), summary:visible, textarea, a:visible, #scroller")
    assert places.count() > 10
    for place in places.all():
        scene.page.keyboard.press("Shift")
        place.focus()
        outline = place.evaluate(
            "it => [getComputedStyle(it).outlineStyle, parseFloat(getComputedStyle(it).outlineWidth)]"
        )
        assert outline == ["solid", 3], place.inner_text()


@pytest.mark.parametrize("language", ["en"])
def test_the_draft_is_large_enough_that_a_phone_does_not_zoom(scene: Scene, language: str) -> None:
    scene.open()

    assert scene.page.locator("#draft").evaluate("it => parseFloat(getComputedStyle(it).fontSize)") >= 16
