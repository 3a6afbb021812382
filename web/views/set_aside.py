"""What was set aside: files that could not be used, with picture, reason and remedy, and what people put away."""

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.pad_id import PadId
from store import audit
from store.intake import claims, set_aside
from web.context import Visit
from web.slips.labels import label


def show(visit: Visit) -> Response:
    """Both lists, newest first; file names may be patients', so the look is noted."""
    files, away = set_aside.unsettled(visit.store), set_aside.put_away(visit.store)
    audit.write(visit.store, visit.who, "view", "set aside", {"count": len(files) + len(away)})
    counted = set_aside.count_aside(visit.store)
    return visit.page("aside.html", files=files, away=away, counted=counted, label=label)


def one(visit: Visit) -> Response:
    """One file: as it came, why it could not be used, and what may be done; beside a slip when one is named."""
    number = visit.number("file")
    found = set_aside.one(visit.store, number)
    audit.write(visit.store, visit.who, "view", f"file {number}")
    return visit.page(
        "aside_file.html",
        file=found,
        number=number,
        label=label,
        designs=visit.desk.designs,
        other=visit.number_asked("slip"),
    )


def again(visit: Visit) -> Response:
    """Have the file read once more, as one pad if that is said."""
    said = visit.said("pad")
    if said and PadId.parse(said) not in {design.pad_id for design in visit.desk.designs}:
        raise UsageError("There is no such pad.")
    claims.retry(visit.store, visit.number("file"), visit.who, said or None)
    return visit.to("/inbox")


def settle(visit: Visit) -> Response:
    """Say what the file is; it is asked about no more."""
    verdict = visit.said("verdict")
    if verdict == "copy":
        verdict = f"a copy of slip {visit.number_said('slip')}"
    set_aside.settle(visit.store, visit.number("file"), verdict, visit.who)
    return visit.to("/set-aside")


def back(visit: Visit) -> Response:
    """Have something that was put away wait for review again."""
    item = visit.said("item")
    set_aside.bring_back(visit.store, item, visit.who)
    return visit.to(f"/review/{item}")


def page(visit: Visit) -> Response:
    """A page of an original, as the opener sees it."""
    file, number = visit.number("file"), visit.number("page")
    original = set_aside.original_of(visit.store, file)
    audit.write(visit.store, visit.who, "picture", f"file {file}", {"page": number})
    return Response(visit.desk.tools.pages.jpeg(original, number), media_type="image/jpeg")
