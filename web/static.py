"""The front desk's own style, scripts and icon, read once; a changed file has a changed address."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response

from web.context import RequestContext
from web.errors import NotFoundError

FOLDER = Path(__file__).parent / "static"
TYPES = {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "work.js": "text/javascript; charset=utf-8",
    "entry.js": "text/javascript; charset=utf-8",
    "slip.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
FOR_EVER = "public, max-age=31536000, immutable"


def address(name: str) -> str:
    """Where a page finds the file."""
    return f"/static/{_mark(name)}/{name}"


def show(context: RequestContext) -> Response:
    """The file itself."""
    name = context.path["name"]
    if name not in TYPES or context.path["mark"] != _mark(name):
        raise NotFoundError
    return Response(_content(name), media_type=TYPES[name], headers={"Cache-Control": FOR_EVER})


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@cache
def _mark(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:16]
