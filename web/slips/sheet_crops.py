"""What an office answered on a sheet, cut from the sheet's picture, for the fields of the slip that it completes."""

from dataclasses import dataclass

from schemas.geometry import BoxMm
from schemas.pad import PadDesign
from schemas.sheets.form import box_names, sheet_of
from store.database import Store
from store.review.answer_sheets import SheetAnswer, answer_of
from web.slips.cards import crop_of

AROUND_BOXES_MM = 4.0


@dataclass(frozen=True)
class SheetCrop:
    """Where on a sheet's picture one answer lies: `slip_id` is the row that holds the picture, `crop` in mm of it."""

    slip_id: int
    crop: BoxMm
    width_mm: float
    height_mm: float


def sheet_crops(store: Store, slip_id: int, design: PadDesign | None) -> dict[str, SheetCrop]:
    """By field; of several sheets the newest that answers it."""
    crops: dict[str, SheetCrop] = {}
    for answer in answer_of(store, slip_id) if design else ():
        crops = {name: crop for name, crop in _of_sheet(answer, design).items() if name not in crops} | crops
    return crops


def _of_sheet(answer: SheetAnswer, design: PadDesign | None) -> dict[str, SheetCrop]:
    if design is None:
        return {}
    sheet, boxes = sheet_of(design, answer.asked), box_names(design, answer.asked)
    places = {part.name: crop_of(part) for part in sheet.fields}
    for name, pair in boxes.items():
        yes, no = (places[box] for box in pair)
        places[name] = BoxMm(yes.x, yes.y, no.right - yes.x, yes.h).grown(AROUND_BOXES_MM)
    return {
        name: SheetCrop(answer.slip_id, places[name], sheet.width_mm, sheet.height_mm)
        for name in answer.names
        if name in places
    }
