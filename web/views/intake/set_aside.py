"""What was set aside: files that could not be used, with picture, reason and remedy, and what people rejected."""

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.pad_id import PadId
from store import audit
from store.intake import claims, set_aside
from store.intake.ledger.pages import unused_pages
from web.context import RequestContext
from web.slips.labels import label

UNUSED_MOST = 60  # pictures on one page; each is drawn by a process that opens the file anew


def show(context: RequestContext) -> Response:
    """The three lists, newest first; file names may be patients', so the look is noted."""
    files, rejected = set_aside.unsettled_files(context.store), set_aside.rejected_items(context.store)
    unused = unused_pages(context.store, UNUSED_MOST)
    audit.write(context.store, context.user, "view", "set aside", {"count": len(files) + len(rejected) + len(unused)})
    counted = set_aside.count_aside(context.store)
    return context.render("aside.html", files=files, rejected=rejected, unused=unused, counted=counted, label=label)


def one(context: RequestContext) -> Response:
    """One file: as it came, why it could not be used, and what may be done; beside a slip when one is named."""
    number = context.path_number("file")
    file = set_aside.find_file(context.store, number)
    audit.write(context.store, context.user, "view", f"file {number}")
    return context.render(
        "aside_file.html",
        file=file,
        number=number,
        label=label,
        designs=context.services.designs,
        other=context.query_number("slip"),
    )


def read_again(context: RequestContext) -> Response:
    """Have the file read once more, as the named pad if there is one."""
    pad = context.form("pad")
    if pad and PadId.parse(pad) not in {design.pad_id for design in context.services.designs}:
        raise UsageError("There is no such pad.")
    claims.retry(context.store, context.path_number("file"), context.user, pad or None)
    return context.redirect("/inbox")


def settle(context: RequestContext) -> Response:
    """Say what the file is; it is asked about no more."""
    verdict = context.form("verdict")
    if verdict == "copy":
        verdict = f"a copy of slip {context.form_number('slip')}"
    set_aside.settle(context.store, context.path_number("file"), verdict, context.user)
    return context.redirect("/set-aside")


def restore(context: RequestContext) -> Response:
    """Return a rejected slip or page to review."""
    item = context.form("item")
    set_aside.bring_back(context.store, item, context.user)
    return context.redirect(f"/review/{item}")


def page(context: RequestContext) -> Response:
    """A page of an original, as the opener sees it."""
    file, number = context.path_number("file"), context.path_number("page")
    original = set_aside.original_of(context.store, file)
    audit.write(context.store, context.user, "picture", f"file {file}", {"page": number})
    return Response(context.services.tools.pages.jpeg(original, number), media_type="image/jpeg")
