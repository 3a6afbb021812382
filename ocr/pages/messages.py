"""Every sentence a page or file can be set aside with, in one place.

Each names the page, the figure and what to do next, never the file: the caller knows what to call it.
Limits are named as in the settings file.
"""

from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reading import Finding
from schemas.reasons import FindingCode
from schemas.reasons import SetAsideReason as Reason

ACCEPTED = "PDF, TIFF, JPEG, PNG or HEIC, or such files in a ZIP or attached to an e-mail"


def empty() -> SetAsideError:
    return SetAsideError(Reason.EMPTY, "The file has 0 bytes; send it again.")


def too_large(size: int, limits: Limits) -> SetAsideError:
    return SetAsideError(
        Reason.TOO_LARGE,
        f"The file has {size:,} bytes, above the limit of {limits.file_bytes:,}; "
        "scan fewer pages into one file, or raise limits.file_bytes.",
    )


def unsupported(what: str) -> SetAsideError:
    return SetAsideError(Reason.UNSUPPORTED_TYPE, f"This is {what}; send the scan as {ACCEPTED}.")


def not_regular(what: str) -> SetAsideError:
    return SetAsideError(Reason.NOT_REGULAR_FILE, f"This is {what}, not a file; put the scan itself here.")


def directory() -> SetAsideError:
    return SetAsideError(Reason.DIRECTORY, "This is a folder; move the scans in it to the inbox itself.")


def unreadable(why: str) -> SetAsideError:
    return SetAsideError(
        Reason.UNREADABLE, f"The file cannot be read ({why}); give refpad's user the right to read it."
    )


def unstable(times: int) -> SetAsideError:
    return SetAsideError(
        Reason.UNSTABLE,
        f"The file was replaced {times} times while it was opened; try it again when no program writes it any more.",
    )


def truncated(kind: str, missing: str) -> SetAsideError:
    return SetAsideError(Reason.TRUNCATED, f"The {kind} ends too early: {missing}; send it again.")


def damaged(kind: str, how: str) -> SetAsideError:
    return SetAsideError(Reason.DAMAGED, f"The {kind} is damaged: {how}; scan or send it again.")


def encrypted(kind: str = "PDF") -> SetAsideError:
    return SetAsideError(Reason.ENCRYPTED, f"The {kind} opens only with a password; ask for a copy without one.")


def no_pages(kind: str) -> SetAsideError:
    return SetAsideError(Reason.NO_PAGES, f"The {kind} has 0 pages; scan or send it again.")


def nothing_attached() -> SetAsideError:
    return SetAsideError(
        Reason.NO_PAGES, "The e-mail has 0 files attached; ask for the scan as an attached PDF, TIFF, JPEG or PNG."
    )


def too_many_pages(count: int, limits: Limits) -> SetAsideError:
    return SetAsideError(
        Reason.TOO_MANY_PAGES,
        f"The file has {count:,} pages, above the limit of {limits.pages:,}; split it, or raise limits.pages.",
    )


def too_many_documents(kind: str, count: int, limits: Limits) -> SetAsideError:
    return SetAsideError(
        Reason.TOO_MANY_PAGES,
        f"The {kind} holds {count:,} files, above the limit of {limits.pages:,} pages; "
        "split it, or raise limits.pages.",
    )


def unpacks_too_large(kind: str, size: int, limits: Limits) -> SetAsideError:
    return SetAsideError(
        Reason.TOO_LARGE,
        f"The {kind} unpacks to {size:,} bytes or more, above the limit of {limits.file_bytes:,}; "
        "send what is in it in several files, or raise limits.file_bytes.",
    )


def too_deep() -> SetAsideError:
    return SetAsideError(
        Reason.UNSUPPORTED_TYPE,
        "This lies in a file inside a file inside a file, which refpad does not open; send it by itself.",
    )


def archive_inside() -> SetAsideError:
    return SetAsideError(
        Reason.UNSUPPORTED_TYPE,
        "This is an archive or Office document inside another file, which refpad does not open; send it by itself.",
    )


def oddly_packed(how: str) -> SetAsideError:
    return SetAsideError(
        Reason.UNSUPPORTED_TYPE, f"This is packed in a way that refpad does not open ({how}); send it by itself."
    )


def in_part(error: SetAsideError, number: int, part: str) -> SetAsideError:
    """The same of page `number` of the file, which lies in one of its several documents."""
    told = f"{error.message[:1].lower()}{error.message[1:]}"
    stands = "lies in" if error.page is not None else "stands for"
    return SetAsideError(error.reason, f"Page {number} {stands} {part}: {told}", number)


def too_many_pixels(page: int, width_px: int, height_px: int, limits: Limits) -> SetAsideError:
    return SetAsideError(
        Reason.TOO_MANY_PIXELS,
        f"Page {page} is {width_px:,} x {height_px:,} pixels, above the limit of {limits.page_pixels:,}; "
        "scan it at a lower resolution, or raise limits.page_pixels.",
        page,
    )


def page_size(page: int, width_pt: float, height_pt: float) -> SetAsideError:
    return SetAsideError(
        Reason.PAGE_SIZE,
        f"Page {page} says that it measures {width_pt / 72:.6g} x {height_pt / 72:.6g} inches, which no sheet does; "
        "print it to PDF again, or scan it.",
        page,
    )


def page_size_unknown(page: int) -> SetAsideError:
    return SetAsideError(
        Reason.PAGE_SIZE, f"Page {page} has no page size that makes sense; print it to PDF again, or scan it.", page
    )


def too_small(page: int, width: str, height: str) -> SetAsideError:
    return SetAsideError(
        Reason.NO_SLIP_FOUND,
        f"Page {page} is {width} x {height}, too small to hold a slip; scan the whole sheet at 200 dpi or more.",
        page,
    )


def page_lost(page: int, of: int, how: str) -> SetAsideError:
    """One page of `of` cannot be drawn: partial_damage when others can."""
    reason = Reason.PARTIAL_DAMAGE if of > 1 else Reason.DAMAGED
    return SetAsideError(reason, f"Page {page} of {of} is damaged: {how}; scan or send this page again.", page)


def page_cut(page: int, of: int, how: str) -> SetAsideError:
    """The data of one page of `of` ends too early: partial_damage when other pages are whole."""
    reason = Reason.PARTIAL_DAMAGE if of > 1 else Reason.TRUNCATED
    return SetAsideError(reason, f"Page {page} of {of} ends too early: {how}; scan or send this page again.", page)


def page_unsupported(page: int, what: str) -> SetAsideError:
    return SetAsideError(
        Reason.UNSUPPORTED_TYPE, f"Page {page} holds {what}; scan it in black and white, gray or color.", page
    )


def page_timeout(page: int, limits: Limits) -> SetAsideError:
    return SetAsideError(
        Reason.TIMEOUT,
        f"Page {page} took longer than {limits.page_seconds:g} s to open and was stopped; "
        "scan the paper instead, or raise limits.page_seconds.",
        page,
    )


def file_timeout(limits: Limits) -> SetAsideError:
    return SetAsideError(
        Reason.TIMEOUT,
        f"The file took longer than {limits.file_seconds:g} s to open and was stopped; "
        "split it, or raise limits.file_seconds.",
    )


def opening_timeout(limits: Limits) -> SetAsideError:
    return SetAsideError(
        Reason.TIMEOUT,
        f"Counting the file's pages took longer than {limits.page_seconds:g} s and was stopped; "
        "scan the paper instead, or raise limits.page_seconds.",
    )


def memory(page: int | None, limits: Limits) -> SetAsideError:
    what = "The file" if page is None else f"Page {page}"
    return SetAsideError(
        Reason.MEMORY,
        f"{what} needs more than {limits.child_bytes:,} bytes of memory to open; "
        "scan at a lower resolution, or raise limits.child_bytes.",
        page,
    )


def crashed(page: int | None) -> SetAsideError:
    what = "the file" if page is None else f"page {page}"
    return SetAsideError(
        Reason.ENGINE_CRASHED, f"Opening {what} crashed the decoder; scan the paper again instead.", page
    )


def poppler_missing(page: int) -> SetAsideError:
    return SetAsideError(
        Reason.ENGINE_MISSING,
        f"Page {page} must be drawn by pdftoppm, which is not installed; install poppler-utils (refpad doctor checks).",
        page,
    )


def resolution_guessed(x_dpi: float, y_dpi: float) -> Finding:
    return Finding(
        code=FindingCode.RESOLUTION_GUESSED,
        detail=f"The fax does not tell its resolution; {x_dpi:g} x {y_dpi:g} dpi is guessed from its width.",
    )


def negative() -> Finding:
    return Finding(
        code=FindingCode.IMAGE_NEGATIVE, detail="The page came white on black and was turned into black on white."
    )


def lines_damaged(count: int, rows: int) -> Finding:
    return Finding(
        code=FindingCode.PARTIAL_DAMAGE,
        detail=f"{count:,} of the fax's {rows:,} lines came damaged; marks may have vanished or appeared.",
    )


def drawn_with_errors() -> Finding:
    return Finding(
        code=FindingCode.PARTIAL_DAMAGE,
        detail="The page could only be drawn with errors; something on it may be missing.",
    )


def jpeg_doubtful() -> Finding:
    return Finding(
        code=FindingCode.PARTIAL_DAMAGE,
        detail="The page's JPEG data holds bytes that do not belong there; something on it may be wrong.",
    )
