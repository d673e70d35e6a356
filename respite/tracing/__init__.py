"""Traces of a borrower's message, from the moment it comes through every process to the moment its answer is sent.

They are sent where OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT says; without either, nothing here
does or loads anything. The other OTEL_* variables of OpenTelemetry hold as well. A trace holds no words of anybody,
and of an error only its type.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from respite.tracing.export import Exporter

DESTINATIONS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

_exporter: Exporter | None = None


def set_up_traces(service: str) -> None:
    """Send this process's part of every trace under the name `service`, if the environment says where to."""
    global _exporter
    is_disabled = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if any(map(os.environ.get, DESTINATIONS)) and not is_disabled:
        from respite.tracing.export import Exporter

        _exporter = Exporter(service)


def stop_traces() -> None:
    """Send what has not been sent yet, and trace no more."""
    global _exporter
    if _exporter:
        _exporter.close()
    _exporter = None


def first_span(name: str, conversation_id: str, message_id: str) -> AbstractContextManager[object]:
    """The span with which a message's trace begins. `message_id` is the one by which it is taken once."""
    return _exporter.first_span(name, conversation_id, message_id) if _exporter else nullcontext()


def message_span(name: str, conversation_id: str, message_id: str, **attributes: str) -> AbstractContextManager[object]:
    """A span of a message's trace, in whichever process and however much later."""
    return _exporter.message_span(name, conversation_id, message_id, attributes) if _exporter else nullcontext()


def request_span(name: str, headers: Mapping[str, str], **attributes: str) -> AbstractContextManager[object]:
    """A span of the trace that a request's headers name."""
    return _exporter.request_span(name, headers, attributes) if _exporter else nullcontext()


def step(name: str, **attributes: str) -> AbstractContextManager[object]:
    """A span within the present one; none where there is none."""
    if _exporter and trace.get_current_span().is_recording():
        return _exporter.span(name, attributes)
    return nullcontext()


def trace_headers() -> dict[str, str]:
    """What to send along with a request so that the present trace goes on behind it."""
    headers: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(headers)
    return headers
