"""Invented referrals without end, with as many different names as a city has."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random

from bench.records.bulk_referrals import InventedSlip
from pads.simulate.words import DIAGNOSES, FIRST_NAMES, GOALS, LAST_NAMES, PROVIDER_TITLES, SIDES
from schemas.acceptance import Policy, assess
from schemas.errors import MachineError
from schemas.pad import PadDesign
from schemas.phones import parse_phone
from schemas.reading import (
    Candidate,
    MarkReading,
    MarkState,
    SignatureReading,
    SignatureState,
    SlipReading,
    TextReading,
)
from schemas.referral import Accepted, NeedsReview

Verdict = Accepted | NeedsReview
ENDS = ("", "", "son", "ski", "berg", "well", "ton", "ez", "ini", "ova", "man", "ley", "ford", "by")


def invented_slips(design: PadDesign, count: int, waiting: int, today: date, seed: int = 1) -> Iterator[InventedSlip]:
    """`count` slips of a pad, oldest first, the last `waiting` of them in doubt."""
    chance = Random(seed)  # noqa: S311 - nothing is kept secret by it
    judged: dict[frozenset[str], Verdict] = {}
    for number in range(1, count + 1):
        yield _slip(design, number, today, chance, judged, in_doubt=number > count - waiting)


def _slip(
    design: PadDesign,
    number: int,
    today: date,
    chance: Random,
    judged: dict[frozenset[str], Verdict],
    *,
    in_doubt: bool,
) -> InventedSlip:
    text = {field.name: _text("") for field in design.writing} | _written(number, today, chance)
    ticked = {box.name for box in chance.sample(design.checkboxes, 3) if not box.write_in}
    ticked.add(design.checkboxes[0].name)
    if in_doubt:
        near = Candidate(value=text["diagnosis"].value + "e", confidence=0.5, reader="tesseract")
        text["diagnosis"] = text["diagnosis"].model_copy(update={"confidence": 0.6, "candidates": (near,)})
    read = SlipReading(
        file="scan",
        page=1,
        slip=1,
        corners_px=(),
        design=design.design,
        edition=design.edition,
        serial=number,
        residual_mm=0.1,
        marks={checkbox.name: _mark(checkbox.name in ticked) for checkbox in design.checkboxes},
        signature=SignatureReading(value=SignatureState.PRESENT, confidence=0.99),
        text=text,
        verdict="review" if in_doubt else "accepted",
    )
    if in_doubt:
        verdict = _verdict(read, design, today)
        return read.model_copy(update={"findings": verdict.findings if isinstance(verdict, NeedsReview) else ()}), None
    boxes = frozenset(ticked)
    if boxes not in judged:
        judged[boxes] = _verdict(read, design, today)
    verdict = judged[boxes]
    if isinstance(verdict, NeedsReview):
        return read.model_copy(update={"findings": verdict.findings}), None
    said = {name: reading.value for name, reading in text.items() if reading.value}
    signed_on = date.fromisoformat(said.pop("signed_on"))
    return read, verdict.referral.model_copy(update={**said, "signed_on": signed_on, "serial": number})


def _verdict(read: SlipReading, design: PadDesign, today: date) -> Verdict:
    """To judge takes most of the time, and what is written here never decides: one verdict serves all like boxes."""
    draft = read.draft()
    if draft is None:
        raise MachineError(f"An invented slip of {design.design}-{design.edition} has no design; mend the bench.")
    return assess(draft, design, Policy(), today)


def _written(number: int, today: date, chance: Random) -> dict[str, TextReading]:
    last = chance.choice(LAST_NAMES) + "".join(chance.choice(ENDS) for _ in range(3))
    doctor = f"{chance.choice(FIRST_NAMES)[0]}. {chance.choice(LAST_NAMES)}, {chance.choice(PROVIDER_TITLES)}"
    said = {
        "patient_name": f"{chance.choice(FIRST_NAMES)} {last}",
        "patient_phone": f"+1{chance.choice(_area_codes())}55501{number % 100:02}",
        "diagnosis": chance.choice(DIAGNOSES).format(
            side=chance.choice(SIDES), past="9/14", weeks=chance.randrange(2, 40)
        ),
        "goals": chance.choice(GOALS),
        "provider_name": doctor,
        "signed_on": (today - timedelta(days=chance.randrange(18))).isoformat(),
    }
    return {name: _text(value) for name, value in said.items()}


@cache
def _area_codes() -> tuple[str, ...]:
    """Every area code there is: with the numbers kept free for fiction, 40,000 telephone numbers."""
    codes = (str(code) for code in range(201, 990))
    return tuple(code for code in codes if parse_phone(f"+1{code}5550100", "US").e164)


def _text(value: str) -> TextReading:
    return TextReading(value=value, confidence=0.99, reader="ppocr")


def _mark(ticked: bool) -> MarkReading:
    return MarkReading(value=MarkState.CHECKED if ticked else MarkState.UNCHECKED, confidence=0.99, ink=0.3 * ticked)
