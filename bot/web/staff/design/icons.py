"""Icons: strokes of one sprite, drawn in the colour of the words beside them."""

from nicegui import ui
from nicegui.element import Element

from bot.web.assets import assets_path


def icon(name: str) -> Element:
    """An icon that says nothing by itself; the words beside it do."""
    with ui.element("svg").classes("icon").props("aria-hidden=true") as drawn:
        ui.element("use").props(f"href={assets_path()}/staff/icons.svg#{name}")
    return drawn
