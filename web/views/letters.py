"""Letters: looked at as they will look, released, printed, and settled when it is not certain what became of them."""

from starlette.responses import Response

from followup.letter_pdf import preview_png
from refpad.services.letters.letters import OFFICE_LETTERS, letter_of_task, office_letter, press_of
from refpad.services.letters.printing import merged
from schemas.errors import UsageError
from schemas.followup import LetterKind
from schemas.letter import Letter, LetterState
from store import audit
from store.letters import actions
from store.letters.actions import KeptLetter, Verdict
from web.context import Visit
from web.errors import NotFoundError

VERDICTS: dict[str, Verdict] = {"sent": "sent", "again": "again", "drop": "drop"}
SHOWN_MOST = 200  # of each state


def show(visit: Visit) -> Response:
    """Every letter that is not sent yet, by what it waits for."""
    counts = actions.letter_counts(visit.store)
    found = {state.value: actions.letters(visit.store, (state,), limit=SHOWN_MOST) for state in actions.OPEN}
    audit.write(visit.store, visit.who, "view", "letters", {"count": sum(map(len, found.values()))})
    batches = actions.open_batches(visit.store)
    return visit.page("letters.html", letters=found, counts=counts, batches=batches, mail=_has_mail(visit))


def one(visit: Visit) -> Response:
    """One letter as it was made, and what may be done with it."""
    found = _letter(visit)
    audit.write(visit.store, visit.who, "view", f"letter {found.id}")
    return visit.page("letter.html", letter=found)


def picture(visit: Visit) -> Response:
    """The letter as a picture of its page."""
    found = _letter(visit)
    content = actions.letter_pdf(visit.store, found.id)
    audit.write(visit.store, visit.who, "picture", f"letter {found.id}")
    return _png(content)


def pdf(visit: Visit) -> Response:
    """The letter itself."""
    found = _letter(visit)
    audit.write(visit.store, visit.who, "export", f"letter {found.id}")
    return _download(actions.letter_pdf(visit.store, found.id), f"letter-{found.id}.pdf")


def act(visit: Visit) -> Response:
    """Release it, make it again, drop it, or say that it arrived."""
    number, said = visit.number("letter"), visit.said("act")
    if said == "release":
        actions.release(visit.store, [number], visit.who)
    elif said in VERDICTS:
        actions.settle_letter(visit.store, visit.desk.terms, number, VERDICTS[said], visit.who)
    else:
        raise UsageError("A letter is released, made again, dropped, or said to have arrived.")
    visit.desk.chasing.ask()
    return visit.to("/letters")


def make(visit: Visit) -> Response:
    """Have what waits be made and sent now, not with the next round."""
    visit.desk.chasing.ask()
    return visit.to("/letters")


def print_ready(visit: Visit) -> Response:
    """Everything that is ready for paper, as one batch to print."""
    if actions.print_ready(visit.store, visit.who) is None:
        raise UsageError("No letter waits for paper.")
    return visit.to("/letters")


def batch(visit: Visit) -> Response:
    """A batch as one PDF; as often as paper jams."""
    number = visit.number("batch")
    pdfs = actions.batch_pdfs(visit.store, number)
    audit.write(visit.store, visit.who, "export", f"batch {number}", {"letters": len(pdfs)})
    return _download(merged(pdfs), f"batch-{number}.pdf")


def posted(visit: Visit) -> Response:
    """A batch is in the post, or through the fax machine."""
    actions.posted(visit.store, visit.desk.terms, visit.number("batch"), visit.who)
    return visit.to("/letters")


def of_task(visit: Visit) -> Response:
    """The letter of a follow-up as it would be made now."""
    number = visit.number("task")
    letter = letter_of_task(visit.store, visit.desk.settings, visit.desk.terms, number)
    audit.write(visit.store, visit.who, "view", f"follow_up {number}", {"letter": letter.kind.value})
    return _png(_pdf(visit, letter))


def to_office(visit: Visit) -> Response:
    """A letter to an office that tells of no patient, to print."""
    kind = visit.path["kind"]
    if kind not in set(OFFICE_LETTERS):
        raise NotFoundError("There is no such letter to an office.")
    letter = office_letter(visit.store, visit.desk.settings, LetterKind(kind), visit.path["office"])
    audit.write(visit.store, visit.who, "export", f"office {visit.path['office']}", {"letter": kind})
    return _download(_pdf(visit, letter), f"{visit.path['office']}-{kind}.pdf")


def _pdf(visit: Visit, letter: Letter) -> bytes:
    return press_of(visit.desk.settings).pdf(letter)


def _letter(visit: Visit) -> KeptLetter:
    number = visit.number("letter")
    found = actions.letters(visit.store, tuple(LetterState), after=number - 1, limit=1)
    if not found or found[0].id != number:
        raise NotFoundError("There is no such letter.")
    return found[0]


def _has_mail(visit: Visit) -> bool:
    return visit.desk.settings.delivery.smtp_host is not None


def _png(content: bytes) -> Response:
    return Response(preview_png(content), media_type="image/png")


def _download(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
