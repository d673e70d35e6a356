"""Known vulnerabilities in what Respite is built on: `python -m tests.advisories`.

The environment that faces the internet must have none; those of Rasa's must stand in docs/dependencies.md, each with
the reason why it does no harm. Where the advisory service cannot be reached nothing is known, which is said; it counts
as a failure where RESPITE_REQUIRE_ADVISORIES=1 asks for an answer.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

UV = shutil.which("uv") or ".uv/bin/uv"
PAGE = Path("docs/dependencies.md")
ENVIRONMENTS = {"respite": ("--no-dev",), "rasa": ("--only-group", "rasa")}
OPTIONS = (
    "--no-deps",
    "--disable-pip",
    "--format=json",
    "--aliases=on",
    "--progress-spinner=off",
    "--vulnerability-service=osv",
)
ADVISORY = re.compile(r"\b(?:CVE-\d{4}-\d+|GHSA(?:-[0-9a-z]{4}){3}|PYSEC-\d{4}-\d+)\b")


class UnreachableError(Exception):
    """The advisory service did not answer."""


def advisories(environment: str, *service: str) -> dict[str, str]:
    """The ids of the advisories for the locked packages of an environment, each with the package it is about.

    `service` are further arguments for pip-audit. Raises UnreachableError.
    """
    with tempfile.NamedTemporaryFile(suffix=".txt") as locked:
        _write_locked_packages(environment, Path(locked.name))
        command = [sys.executable, "-m", "pip_audit", "--requirement", locked.name, *OPTIONS, *service]
        found = subprocess.run(command, check=False, capture_output=True, text=True)
    if not found.stdout:
        raise UnreachableError(found.stderr.strip().splitlines()[-1])
    return {
        min((advisory["id"], *advisory["aliases"])): f"{package['name']} {package['version']}"
        for package in json.loads(found.stdout)["dependencies"]
        for advisory in package.get("vulns", ())
    }


def unexplained(found: dict[str, dict[str, str]], page: str) -> list[str]:
    """A sentence for each advisory that is not allowed: any that faces the internet, and one of Rasa's that is new."""
    explained = set(ADVISORY.findall(page))
    return [
        f"{advisory} is about {package}, which is in the environment of {environment}."
        for environment, about in found.items()
        for advisory, package in sorted(about.items())
        if environment == "respite" or advisory not in explained
    ]


def _write_locked_packages(environment: str, file: Path) -> None:
    export = ["export", "--quiet", "--frozen", "--no-emit-project", "--no-hashes", "--no-emit-package", "tensorflow"]
    command = [UV, *export, *ENVIRONMENTS[environment], "--output-file", str(file)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    try:
        found = {environment: advisories(environment) for environment in ENVIRONMENTS}
    except UnreachableError as error:
        print(f"The advisory service cannot be reached, so nothing is known: {error}")
        return int(os.environ.get("RESPITE_REQUIRE_ADVISORIES") == "1")
    sentences = unexplained(found, PAGE.read_text(encoding="utf-8"))
    print("\n".join(sentences or ["No advisory is unexplained."]))
    return int(bool(sentences))


if __name__ == "__main__":
    sys.exit(main())
