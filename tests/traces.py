"""A collector of OpenTelemetry traces, for tests: it speaks OTLP over HTTP, and remembers every span."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.channels.servers import Server

SECONDS_TO_ARRIVE = 10


@dataclass(frozen=True)
class Span:
    """One span as it arrived: which process sent it, and where in which trace it stands."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    attributes: dict[str, str]
    is_error: bool


class Collector:
    """Where traces are sent: `environment` are the variables of a process that sends them here."""

    def __init__(self) -> None:
        self.server = Server(Starlette(routes=[Route("/v1/traces", self._take, methods=["POST"])]))
        self.environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": self.server.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
        self._spans: list[Span] = []
        self._arrived = threading.Condition()

    @property
    def spans(self) -> list[Span]:
        with self._arrived:
            return list(self._spans)

    def wait_for(self, enough: Callable[[list[Span]], bool]) -> list[Span]:
        """All spans once there are enough of them. Raises TimeoutError."""
        deadline = time.monotonic() + SECONDS_TO_ARRIVE
        with self._arrived:
            while not enough(self._spans):
                if not self._arrived.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"Only {[span.name for span in self._spans]} came.")
            return list(self._spans)

    async def _take(self, request: Request) -> Response:
        batch = ExportTraceServiceRequest.FromString(await request.body())
        with self._arrived:
            self._spans += _spans_of(batch)
            self._arrived.notify_all()
        return Response(media_type="application/x-protobuf")


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()
    collector.server.start()
    yield collector
    collector.server.stop()


def _spans_of(batch: ExportTraceServiceRequest) -> Iterator[Span]:
    for of_process in batch.resource_spans:
        [service] = [each.value.string_value for each in of_process.resource.attributes if each.key == "service.name"]
        for of_scope in of_process.scope_spans:
            for span in of_scope.spans:
                assert not span.events, "an event may hold the words of an exception"
                yield Span(
                    service=service,
                    name=span.name,
                    trace=span.trace_id.hex(),
                    id=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    attributes={each.key: each.value.string_value for each in span.attributes},
                    is_error=span.status.code == 2,
                )
