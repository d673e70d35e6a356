"""The exporter of traces, with which OpenTelemetry's SDK is loaded, and the ids by which a message's trace is found."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.environment_variables import OTEL_SERVICE_NAME
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    StatusCode,
    TraceFlags,
    set_span_in_context,
    use_span,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

CONVERSATION = "conversation"
ERROR_TYPE = "error.type"
TRACE_ID_BYTES = 16
SPAN_ID_BYTES = 8

_beginning: ContextVar[SpanContext | None] = ContextVar("beginning", default=None)


class FoundAgainIds(RandomIdGenerator):
    """Random ids, but for the first span of a message's trace: its ids follow from those of the message."""

    def generate_trace_id(self) -> int:
        beginning = _beginning.get()
        return beginning.trace_id if beginning else super().generate_trace_id()

    def generate_span_id(self) -> int:
        beginning = _beginning.get()
        return beginning.span_id if beginning else super().generate_span_id()


class Exporter:
    """Sends spans to the collector that the environment names, a batch at a time and in a thread of its own."""

    def __init__(self, service: str) -> None:
        named = {SERVICE_NAME: os.environ.get(OTEL_SERVICE_NAME) or service}
        self._provider = TracerProvider(id_generator=FoundAgainIds(), resource=Resource.create(named))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("respite")

    def close(self) -> None:
        self._provider.shutdown()

    def first_span(self, name: str, conversation_id: str, message_id: str) -> AbstractContextManager[None]:
        beginning = _beginning.set(self._beginning_of(conversation_id, message_id))
        try:
            return _present(self._tracer.start_span(name, Context(), attributes={CONVERSATION: conversation_id}))
        finally:
            _beginning.reset(beginning)

    def message_span(
        self, name: str, conversation_id: str, message_id: str, attributes: Mapping[str, str]
    ) -> AbstractContextManager[None]:
        beginning = NonRecordingSpan(self._beginning_of(conversation_id, message_id))
        context = set_span_in_context(beginning, Context())
        return self.span(name, {CONVERSATION: conversation_id, **attributes}, context)

    def request_span(
        self, name: str, headers: Mapping[str, str], attributes: Mapping[str, str]
    ) -> AbstractContextManager[None]:
        return self.span(name, attributes, TraceContextTextMapPropagator().extract(headers, Context()))

    def span(
        self, name: str, attributes: Mapping[str, str], context: Context | None = None
    ) -> AbstractContextManager[None]:
        return _present(self._tracer.start_span(name, context, attributes=attributes))

    def _beginning_of(self, conversation_id: str, message_id: str) -> SpanContext:
        digest = hashlib.sha256(f"{conversation_id} {message_id}".encode()).digest()
        trace_id = int.from_bytes(digest[:TRACE_ID_BYTES])
        span_id = int.from_bytes(digest[TRACE_ID_BYTES : TRACE_ID_BYTES + SPAN_ID_BYTES])
        is_sampled = self._provider.sampler.should_sample(None, trace_id, "").decision == Decision.RECORD_AND_SAMPLE
        flags = TraceFlags(TraceFlags.SAMPLED if is_sampled else TraceFlags.DEFAULT)
        return SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)


@contextmanager
def _present(span: Span) -> Iterator[None]:
    """Let a span be the present one until it ends. Of an error it keeps the type: its words may be a borrower's."""
    with use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield
        except BaseException as error:
            span.set_attribute(ERROR_TYPE, type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise
