"""Drawing on a PDF in millimeters from the slip's top-left corner."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from pads.typeface import MM_PER_PT, Weight, font
from schemas.geometry import BoxMm, PointMm

PT_PER_MM = 1 / MM_PER_PT


@dataclass(frozen=True)
class Pen:
    """Draws in black on `canvas`; PDF counts upwards from the bottom, so `height_mm` turns it over."""

    canvas: Canvas
    height_mm: float

    def line(self, start: PointMm, end: PointMm, thick_mm: float) -> None:
        self.canvas.setLineWidth(thick_mm * PT_PER_MM)
        self.canvas.line(*self._place(start), *self._place(end))

    def dots(self, start: PointMm, end: PointMm, size_mm: float, pitch_mm: float) -> None:
        """A level row of square dots from `start` to `end`, their middles `pitch_mm` apart."""
        path = self.canvas.beginPath()
        for number in range(int((end.x - start.x) / pitch_mm) + 1):
            x, y = self._place(PointMm(start.x + number * pitch_mm - size_mm / 2, start.y + size_mm / 2))
            path.rect(x, y, size_mm * PT_PER_MM, size_mm * PT_PER_MM)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def frame(self, box: BoxMm, thick_mm: float) -> None:
        """The outline of `box`; the middle of the stroke runs along its edge."""
        x, y = self._place(PointMm(box.x, box.bottom))
        self.canvas.setLineWidth(thick_mm * PT_PER_MM)
        self.canvas.rect(x, y, box.w * PT_PER_MM, box.h * PT_PER_MM, stroke=1, fill=0)

    def text(self, at: PointMm, text: str, size_pt: float, weight: Weight = "regular") -> None:
        """`text` with its baseline starting at `at`."""
        self.canvas.setFont(font(weight).fontName, size_pt)
        self.canvas.drawString(*self._place(at), text)

    def modules(self, box: BoxMm, dark: NDArray[np.bool_]) -> None:
        """The squares of a marker or code, filled as one path: single squares would show seams between them.

        `dark` is (rows, columns), True where ink goes.
        """
        rows, columns = dark.shape
        wide, high = box.w / columns, box.h / rows
        path = self.canvas.beginPath()
        for row, first, count in _runs(dark):
            x, y = self._place(PointMm(box.x + first * wide, box.y + (row + 1) * high))
            path.rect(x, y, count * wide * PT_PER_MM, high * PT_PER_MM)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def picture(self, path: str, box: BoxMm) -> None:
        """The picture file inside `box`, at its left, its sides kept in proportion."""
        x, y = self._place(PointMm(box.x, box.bottom))
        width, height = box.w * PT_PER_MM, box.h * PT_PER_MM
        self.canvas.drawImage(path, x, y, width, height, mask="auto", preserveAspectRatio=True, anchor="w")

    def _place(self, at: PointMm) -> tuple[float, float]:
        return at.x * PT_PER_MM, (self.height_mm - at.y) * PT_PER_MM


def _runs(dark: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Each level run of dark squares: row, first column, count."""
    found = []
    for row, line in enumerate(dark):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], line, [False])).astype(np.int8)))
        found += [(row, int(start), int(end - start)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return found
