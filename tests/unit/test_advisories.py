"""What is said of known vulnerabilities, with a look-alike of the service that knows them."""

import json
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests import advisories
from tests.advisories import UnreachableError, unexplained
from tests.channels.servers import Server

VULNERABLE = {"fastapi": "GHSA-aaaa-bbbb-cccc", "skops": "GHSA-dddd-eeee-ffff"}


async def answer(request: Request) -> JSONResponse:
    """Say what is known of one package, as api.osv.dev does."""
    name = json.loads(await request.body())["package"]["name"]
    if name not in VULNERABLE:
        return JSONResponse({})
    about = {"package": {"name": name, "ecosystem": "PyPI"}, "versions": [], "ranges": []}
    known = {"id": VULNERABLE[name], "aliases": [], "summary": "For this test.", "affected": [about]}
    return JSONResponse({"vulns": [known | {"modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z"}]})


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    server = Server(Starlette(routes=[Route("/v1/query", answer, methods=["POST"])]))
    server.start()
    yield f"{server.url}/v1/query"
    server.stop()


@pytest.mark.parametrize(("environment", "package"), [("respite", "fastapi"), ("rasa", "skops")])
def test_an_advisory_is_found_in_the_environment_that_has_the_package(
    service: str, environment: str, package: str
) -> None:
    found = advisories.advisories(environment, "--osv-url", service)
    assert list(found) == [VULNERABLE[package]]
    assert found[VULNERABLE[package]].startswith(package)


def test_what_faces_the_internet_may_have_no_advisory_and_rasa_only_explained_ones() -> None:
    found = {"respite": {"CVE-2026-1": "a 1.0"}, "rasa": {"CVE-2026-0002": "b 1.0", "CVE-2026-0003": "c 1.0"}}
    assert unexplained(found, page="| CVE-2026-0002 | b | not reachable | CVE-2026-1 |") == [
        "CVE-2026-1 is about a 1.0, which is in the environment of respite.",
        "CVE-2026-0003 is about c 1.0, which is in the environment of rasa.",
    ]


def test_a_service_that_does_not_answer_is_no_all_clear() -> None:
    with pytest.raises(UnreachableError):
        advisories.advisories("respite", "--osv-url", "http://127.0.0.1:9/v1/query", "--timeout", "1")
