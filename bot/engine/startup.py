"""Changes to Rasa 3.6.21 that make a turn faster, a failure visible and the action server's part in it limited.

They are applied when this module is imported, and to that version only: another one runs as it is.
"""

import logging
from contextlib import nullcontext
from functools import lru_cache
from typing import Any

import aiohttp
import jsonschema
import rasa
from aiohttp.connector import Connection
from jsonschema.validators import validator_for
from rasa.core.actions import action as rasa_actions
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.core.events import Event
from rasa.utils.endpoints import EndpointConfig

from bot.engine.observation import action_call

logger = logging.getLogger(__name__)

RASA_VERSION = "3.6.21"
ACTION_SECONDS = 20
"""Less than the hub waits for a turn."""

LARGEST_ANSWER = 1024 * 1024
"""Bytes."""

_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validator_for(_SCHEMA)(_SCHEMA)
_run_action = RemoteAction.run
_resolve_event_type = Event.resolve_by_type
_new_session = EndpointConfig.session
_request = EndpointConfig.request


def validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Validate an action server's answer as Rasa does, without checking Rasa's own constant schema each time.

    Raises jsonschema.ValidationError.
    """
    error = jsonschema.exceptions.best_match(_VALIDATOR.iter_errors(result))
    if error is None:
        return True
    error.message += (
        ". Failed to validate Action server response from API, make sure your response from the Action endpoint is"
        f" valid. For more information about the format visit {DOCS_BASE_URL}/custom-actions"
    )
    raise error


class TurnEnded(BaseException):
    """An action failed, and no other may follow in its turn. Of any Exception, Rasa logs that and goes on."""


async def run_action(action: RemoteAction, *arguments: Any) -> Any:
    """Run a custom action. Raises TurnEnded where it fails."""
    try:
        return await _run_action(action, *arguments)
    except ActionExecutionRejection:
        raise
    except Exception as error:
        raise TurnEnded from error


@lru_cache
def event_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Return the class of an event by its type, without walking all classes for every event of a conversation.

    Raises ValueError for an unknown type without a default.
    """
    return _resolve_event_type(type_name, default)


class LimitedAnswer(aiohttp.ClientResponse):
    """An answer that says how long it is, and is not too long to be read."""

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Read how the answer begins. Raises aiohttp.ClientPayloadError."""
        await super().start(connection)
        if self.content_length is None or self.content_length > LARGEST_ANSWER:
            self.close()
            raise aiohttp.ClientPayloadError(f"The answer is not known to have {LARGEST_ANSWER} bytes at most.")
        return self


def kept_session(endpoint: EndpointConfig) -> nullcontext[Any]:
    """Return the HTTP session of an endpoint, which stays open: Rasa itself connects anew for every action."""
    if not hasattr(endpoint, "kept_session"):
        endpoint.kept_session = _new_session(endpoint)
        endpoint.kept_session._response_class = LimitedAnswer
    return nullcontext(endpoint.kept_session)


async def request_within_turn(endpoint: EndpointConfig, *arguments: Any, **options: Any) -> Any:
    """Call the action server as a part of the turn's trace, and count the time that it takes."""
    with action_call() as headers:
        return await _request(endpoint, *arguments, headers=headers, **options)


def run_graph(
    runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Run the nodes that the targets need, without having Dask plan the same few nodes for every message.

    Raises GraphRunError.
    """
    schema = runner._graph_schema
    results = {name: (name, value) for name, value in (inputs or {}).items()}

    def result_of(name: str) -> tuple[str, Any]:
        if name not in results:
            needs = schema.nodes[name].needs.values()
            results[name] = runner._instantiated_nodes[name](*map(result_of, needs))
        return results[name]

    try:
        return dict(map(result_of, targets or schema.target_names))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error


if rasa.__version__ == RASA_VERSION:
    RemoteAction._validate_action_result = validate_action_result
    RemoteAction.run = run_action
    Event.resolve_by_type = staticmethod(event_type)
    EndpointConfig.session = kept_session
    EndpointConfig.request = request_within_turn
    rasa_actions.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS
    DaskGraphRunner.run = run_graph
else:
    logger.warning("Rasa is %s; the changes in bot/engine/startup.py are for %s.", rasa.__version__, RASA_VERSION)
