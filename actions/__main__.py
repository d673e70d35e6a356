"""The action server as a process: `python -m actions`. It answers on the loopback interface or in a private network."""

import sys
import warnings
from typing import Any

from rasa_sdk.executor import ActionExecutor
from sanic import Request

from actions.codes import sender
from actions.domain import domain
from actions.server import create_server
from respite.loan_books.load import loan_book
from respite.logs import set_up_logs
from respite.networks import exposed_servers
from respite.settings import settings
from respite.tracing import request_span, set_up_traces


class StandingDomainExecutor(ActionExecutor):
    """Runs actions with the domain from its file, because Rasa does not send it (`enable_selective_domain`).

    Each is a part of the trace in which Rasa calls it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.domain = domain()

    def is_domain_digest_valid(self, domain_digest: str | None) -> bool:
        return True

    async def run(self, action_call: dict[str, Any], *arguments: Any, **options: Any) -> Any:
        name = str(action_call.get("next_action"))
        with request_span("action", Request.get_current().headers, action=name):
            return await super().run(action_call, *arguments, **options)


if __name__ == "__main__":
    set_up_logs()
    set_up_traces("respite-actions")
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk")
    if exposed := exposed_servers(settings()):
        sys.exit("\n".join(exposed))
    loan_book()  # a wrong setting ends the process here and not in a conversation
    sender()
    executor = StandingDomainExecutor()
    executor.register_package("actions")
    server = create_server(executor, settings())
    server.run(host=settings().actions_host, port=settings().actions_port, single_process=True)
