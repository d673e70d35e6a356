"""The action server: `python -m actions`. It answers on the loopback interface only."""

import warnings

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions.domain import domain
from respite.loan_books.load import loan_book
from respite.logs import set_up_logs
from respite.settings import settings


class StandingDomainExecutor(ActionExecutor):
    """Runs actions with the domain from its file, because Rasa does not send it (`enable_selective_domain`)."""

    def __init__(self) -> None:
        super().__init__()
        self.domain = domain()

    def is_domain_digest_valid(self, domain_digest: str | None) -> bool:
        return True


if __name__ == "__main__":
    set_up_logs()
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk")
    loan_book()  # a wrong setting ends the process here and not in a conversation
    executor = StandingDomainExecutor()
    executor.register_package("actions")
    create_app(executor, cors_origins=[]).run(host="127.0.0.1", port=settings().actions_port, single_process=True)
