"""The web application as a process: `python -m bot.web`."""

import sys
from typing import Any

import uvicorn

from bot.channels.telegram.connection import TelegramSettingsError
from bot.web.app import create_app
from bot.web.bodies import USUAL
from bot.web.sockets import ImpatientProtocol
from bot.web.staff.mounting import mount
from respite.identity.senders import CodeSenderError
from respite.logs import set_up_logs
from respite.secrets import weak_secrets
from respite.settings import settings
from respite.tracing import set_up_traces

SERVER_OPTIONS: dict[str, Any] = {
    "access_log": False,
    "ws": ImpatientProtocol,
    "ws_max_size": USUAL.size,
    "ws_per_message_deflate": False,
    "timeout_graceful_shutdown": 5,
}


def main() -> None:
    set_up_logs()
    set_up_traces("respite-web")
    if weak := weak_secrets(settings()):
        sys.exit("\n".join(weak))
    try:
        app = create_app(settings())
    except (CodeSenderError, TelegramSettingsError) as error:
        sys.exit(str(error))
    mount(app)
    uvicorn.run(app, host=settings().host, port=settings().web_port, log_config=None, **SERVER_OPTIONS)


if __name__ == "__main__":
    main()
