"""Whatever is sent to an endpoint of the web application, it never fails, and tells nothing of its insides."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case
from schemathesis.checks import not_a_server_error

from tests.channels.servers import Server
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE

TRACES = ("Traceback", "sqlalchemy", "/site-packages/")


@pytest.fixture
def web_settings() -> dict[str, Any]:
    return {"requests_a_minute": 1_000_000}


def test_no_request_makes_an_endpoint_fail(web: Server) -> None:
    everything = schemathesis.openapi.from_dict(web.app.openapi())  # type: ignore[attr-defined]
    schema = everything.exclude(path="/readyz")  # 503 is its way of saying that something is not up
    operations = [found.ok() for found in schema.get_all_operations()]
    assert {f"{operation.method.upper()} {operation.path}" for operation in operations} >= {
        "GET /",
        "GET /enter",
        "POST /sign-out",
        "POST /language",
        "GET /api/messages",
        "POST /api/messages",
        "GET /embed.js",
        "GET /embedded",
        "POST /embedded/chats",
        "POST /embedded/tickets",
        "POST /files",
        "GET /files/{file_id}",
    }
    for operation in operations:
        fuzz(operation.as_strategy(), web.url)


def fuzz(cases: SearchStrategy[Case], url: str) -> None:
    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cases)
    def ask(case: Case) -> None:
        response = case.call(base_url=url)
        case.validate_response(response, checks=[not_a_server_error])
        assert not any(trace in response.text for trace in TRACES)
        assert "content-security-policy" in response.headers

    ask()
