"""The answer sheet of a letter to an office, drawn by the code that draws slips, so that it is read like one."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from pads.blank import rendered
from pads.form import draw_form
from pads.labels import SERIAL_PT
from pads.pdf_canvas import Pen
from pads.print_pdf import page_of_slip
from pads.symbols import code_modules
from schemas.geometry import PointMm
from schemas.sheet_code import SheetCode
from schemas.sheets.form import AnswerSheet

TITLE_PT, HINT_PT = 11.0, 7.0
TITLE = "Please answer here"


def sheet_picture(sheet: AnswerSheet, code: SheetCode, hint: str, dpi: int) -> NDArray[np.uint8]:
    """The printed sheet with its code, (H, W) gray at `dpi`; `hint` says where it goes."""
    out = BytesIO()
    with page_of_slip(sheet, out) as pen:
        draw_form(pen, sheet)
        _draw_own(pen, sheet, code, hint)
    return rendered(out.getvalue(), sheet, dpi)


def _draw_own(pen: Pen, sheet: AnswerSheet, code: SheetCode, hint: str) -> None:
    at, title = sheet.imprint.serial_at_mm, sheet.imprint.studio_mm
    pen.text(PointMm(title.x, title.y + 3.9), TITLE, TITLE_PT, "bold")
    pen.text(PointMm(title.x, title.y + 7.2), hint, HINT_PT)
    pen.modules(sheet.code_box_mm(), code_modules(code))
    pen.text(at, f"question {code.question}", SERIAL_PT)
