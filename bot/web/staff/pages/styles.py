"""The look of the pages on which people take over."""

from nicegui import ui

from bot.web.assets import assets_path


def use_styles() -> None:
    ui.add_head_html(f'<link rel="stylesheet" href="{assets_path()}/staff/conversations.css">')
