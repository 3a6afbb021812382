"""Impose slips on a sheet, in the order in which a cut stack is a pad in serial order."""

from dataclasses import dataclass
from typing import Literal

from schemas.errors import UsageError
from schemas.geometry import BoxMm, PointMm
from schemas.pad import PadDesign

Paper = Literal["letter", "a4"]
Up = Literal[1, 2, 4]

# Width and height upright, in mm: ANSI/ASME Y14.1 (8.5 x 11 in) and ISO 216.
PAPER_MM: dict[Paper, tuple[float, float]] = {"letter": (215.9, 279.4), "a4": (210.0, 297.0)}
# Columns and rows to try; the first that fits is taken.
GRIDS: dict[Up, tuple[tuple[int, int], ...]] = {
    1: ((1, 1),),
    2: ((1, 2), (2, 1)),
    4: ((2, 2), (1, 4), (4, 1)),
}
ROUNDING_MM = 0.01
MARK_MM = 5.0  # an outside mark's length
MARK_OFFSET_MM = 2.0  # outside marks keep clear of the slip, so that the knife may wander
MARK_INSIDE_MM = 8.0  # an inside mark's length: office printers leave up to 4.2 mm (1/6 in) at the edge blank


@dataclass(frozen=True)
class ImposedSheet:
    """A sheet of paper, and the slips on it from the top left, row by row."""

    width_mm: float
    height_mm: float
    slips: tuple[BoxMm, ...]


def impose(design: PadDesign, up: Up, paper: Paper) -> ImposedSheet:
    """`up` slips in true size in the middle of a sheet, lying or standing; UsageError when they do not fit."""
    upright = PAPER_MM[paper]
    for columns, rows in GRIDS[up]:
        for width_mm, height_mm in (upright, upright[::-1]):
            wide, high = columns * design.width_mm, rows * design.height_mm
            if wide <= width_mm + ROUNDING_MM and high <= height_mm + ROUNDING_MM:
                return _center(design, width_mm, height_mm, columns, rows)
    columns, rows = GRIDS[up][0]
    raise UsageError(
        f"{up} {'slip' if up == 1 else 'slips'} of pad {design.pad_id} need{'s' if up == 1 else ''} "
        f"{columns * design.width_mm:.1f} x {rows * design.height_mm:.1f} mm, and {paper} has {upright[0]:.1f} x "
        f"{upright[1]:.1f} mm; {'choose another paper' if up == 1 else 'print fewer to a sheet'}."
    )


def paper_faults(design: PadDesign) -> list[str]:
    """What is wrong with a pad of which no slip lies on any paper that refpad prints on."""
    slip = sorted((design.width_mm, design.height_mm))
    if any(slip[0] <= wide + ROUNDING_MM and slip[1] <= high + ROUNDING_MM for wide, high in PAPER_MM.values()):
        return []
    papers = " nor ".join(f"{paper} of {wide:.1f} x {high:.1f} mm" for paper, (wide, high) in PAPER_MM.items())
    return [f"width_mm, height_mm: {design.width_mm:.1f} x {design.height_mm:.1f} mm lie on neither {papers}"]


def order(slips: int, up: int) -> list[list[int | None]]:
    """Which slip lies where: for each sheet, the index at each place, None where a place stays empty.

    Cut and stack: place 0 holds the first slips of all sheets, place 1 the next ones, and so on, so each
    cut pile runs on in serial order and the piles laid on each other make one pad.
    """
    sheets = -(-slips // up)
    return [
        [index if (index := place * sheets + sheet) < slips else None for place in range(up)] for sheet in range(sheets)
    ]


def cut_marks(sheet: ImposedSheet) -> list[tuple[PointMm, PointMm]]:
    """Short lines on the cuts: outside the block of slips where there is room, else inside, from its edge.

    Inside marks lie on the cut itself, so no slip keeps more than half their thickness. A slip's side that
    is the paper's own edge needs no cut and has no mark.
    """
    block = _block(sheet)
    marks = []
    for x in _cuts(sheet.width_mm, [edge for slip in sheet.slips for edge in (slip.x, slip.right)]):
        for start, end in _ends(block.y, block.bottom, sheet.height_mm):
            marks.append((PointMm(x, start), PointMm(x, end)))
    for y in _cuts(sheet.height_mm, [edge for slip in sheet.slips for edge in (slip.y, slip.bottom)]):
        for start, end in _ends(block.x, block.right, sheet.width_mm):
            marks.append((PointMm(start, y), PointMm(end, y)))
    return marks


def _cuts(length_mm: float, edges: list[float]) -> list[float]:
    """Where to cut along a side of the sheet: each edge of a slip once, the paper's own edges left out."""
    return sorted({round(edge, 3) for edge in edges if ROUNDING_MM < edge < length_mm - ROUNDING_MM})


def _ends(near_mm: float, far_mm: float, length_mm: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The two marks of one cut, as from-to along it; the block of slips reaches from `near_mm` to `far_mm`."""
    if min(near_mm, length_mm - far_mm) < MARK_OFFSET_MM + MARK_MM:
        return (near_mm, near_mm + MARK_INSIDE_MM), (far_mm - MARK_INSIDE_MM, far_mm)
    outer_mm = MARK_OFFSET_MM + MARK_MM
    return (near_mm - outer_mm, near_mm - MARK_OFFSET_MM), (far_mm + MARK_OFFSET_MM, far_mm + outer_mm)


def _block(sheet: ImposedSheet) -> BoxMm:
    first, last = sheet.slips[0], sheet.slips[-1]
    return BoxMm(first.x, first.y, last.right - first.x, last.bottom - first.y)


def _center(design: PadDesign, width_mm: float, height_mm: float, columns: int, rows: int) -> ImposedSheet:
    left = max(0.0, (width_mm - columns * design.width_mm) / 2)
    top = max(0.0, (height_mm - rows * design.height_mm) / 2)
    places = tuple(
        BoxMm(left + column * design.width_mm, top + row * design.height_mm, design.width_mm, design.height_mm)
        for row in range(rows)
        for column in range(columns)
    )
    return ImposedSheet(width_mm, height_mm, places)
