"""Help: the user guide, from this computer, with the chapter for the page that one comes from."""

from starlette.responses import FileResponse, Response

from web.context import RequestContext
from web.errors import NotFoundError
from web.services.guide import CONTENTS, Chapter, chapters, find_chapter, find_picture


def contents(context: RequestContext) -> Response:
    """All chapters."""
    return _render(context, find_chapter(CONTENTS))


def chapter(context: RequestContext) -> Response:
    """One chapter, or one of the manuals that the guide names."""
    return _render(context, find_chapter(context.path["chapter"]))


def picture(context: RequestContext) -> Response:
    """A picture of the guide."""
    path = find_picture(context.path["name"])
    if path is None:
        raise NotFoundError
    return FileResponse(path, media_type="image/png")


def _render(context: RequestContext, shown: Chapter | None) -> Response:
    if shown is None:
        raise NotFoundError("There is no such chapter: see Help for all of them.")
    every = chapters()
    number = next((place for place, one in enumerate(every) if one.key == shown.key), len(every))
    later = every[number + 1] if number + 1 < len(every) else None
    return context.render("help.html", chapter=shown, chapters=every[1:], later=later)
