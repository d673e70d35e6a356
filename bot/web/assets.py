"""The files that pages load: under a path that changes with their content, so that browsers may keep them for good."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"


@cache
def assets_path() -> str:
    """The path of this version's files."""
    content = hashlib.sha256()
    for file in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        content.update(str(file.relative_to(FOLDER)).encode() + file.read_bytes())
    return f"/static/{content.hexdigest()[:12]}"


class Assets(StaticFiles):
    """The files of this version."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOR_GOOD
        return response
