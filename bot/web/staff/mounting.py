"""Putting the console into the web application."""

from importlib import import_module
from pkgutil import iter_modules

from fastapi import FastAPI
from nicegui import app, core, ui

from bot.web.assets import FOLDER
from bot.web.staff import doors, leaving, pages  # noqa: F401
from bot.web.staff.console import PATH, Console
from bot.web.staff.door import StaffDoor
from respite.staff.sessions import Lifetime

RECONNECT_SECONDS = 180
"""For how long a page whose connection is lost finds everything as it was."""

SECONDS_BETWEEN_PINGS, SECONDS_TO_ANSWER = 4, 8
"""A page that has heard nothing for both together says that it is not connected."""


def mount(host: FastAPI) -> None:
    """Put the console under /staff of the web application that `create_app` has made."""
    settings, clock = host.state.settings, host.state.clock
    console = Console(host, settings, clock, Lifetime.of(settings))
    app.state.console = host.state.console = console
    for module in iter_modules(pages.__path__):
        import_module(f"{pages.__name__}.{module.name}")
    app.config.socket_io_js_transports = ["websocket"]
    host.include_router(doors.router)
    if settings.oidc_issuer:
        from bot.web.staff.openid import openid_app  # its libraries are loaded only where there is a provider

        host.mount(f"{PATH}/openid", openid_app(console))
    ui.run_with(
        host,
        mount_path=PATH,
        title="Respite",
        favicon=FOLDER / "icon.svg",
        dark=None,
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_SECONDS,
        gzip_middleware_factory=None,
        show_welcome_message=False,
    )
    app.on_startup(_notice_lost_connections)
    app.add_middleware(StaffDoor, console=console)


def _notice_lost_connections() -> None:
    """NiceGUI pings so rarely that a page would be taken for connected for a minute after it is not."""
    core.sio.eio.ping_interval, core.sio.eio.ping_timeout = SECONDS_BETWEEN_PINGS, SECONDS_TO_ANSWER
