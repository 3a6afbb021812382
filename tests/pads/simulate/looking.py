"""Scans opened as any viewer opens them, and what can be seen on them."""

from pathlib import Path

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image, ImageOps

from pads.simulate.truth import PlacedSlip, ScanTruth
from schemas.geometry import BoxMm
from schemas.pad import FIDUCIAL_IDS, PadDesign


def opened(folder: Path, scan: ScanTruth) -> Image.Image:
    """The page, upright as its EXIF tag says, its pixels as they are stored."""
    path = folder / scan.file
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return pikepdf.PdfImage(pdf.pages[scan.page - 1].Resources.XObject.Scan).as_pil_image()
    with Image.open(path) as picture:
        picture.seek(scan.page - 1)
        return ImageOps.exif_transpose(picture)


def square_pixels(page: Image.Image, scan: ScanTruth) -> tuple[NDArray[np.uint8], float]:
    """The page in gray with square pixels, and by how much its height was stretched."""
    stretch = scan.dpi[0] / scan.dpi[1] if scan.dpi else 1.0
    gray = np.asarray(page.convert("L"))
    size = (gray.shape[1], round(gray.shape[0] * stretch))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8), stretch


def to_page(placed: PlacedSlip, design: PadDesign) -> NDArray[np.float64]:
    """(3, 3): millimeters of the slip to pixels of the page, by the corners that the truth tells."""
    wide, high = design.width_mm, design.height_mm
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners, np.array(placed.corners_px, np.float32)))


def seen_at(matrix: NDArray[np.float64], box: BoxMm) -> NDArray[np.float64]:
    """The corners of a place on the slip, clockwise from its top left, (4, 2) on the page."""
    corners = np.array([[box.x, box.y], [box.right, box.y], [box.right, box.bottom], [box.x, box.bottom]])
    return np.asarray(cv2.perspectiveTransform(corners[None], matrix)[0])


def fiducials(gray: NDArray[np.uint8]) -> list[tuple[int, NDArray[np.float64]]]:
    """Each corner mark on the page: its number and its corners, clockwise from its own top left."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    soft = cv2.GaussianBlur(gray, (0, 0), 1.2)  # faxes have ragged edges
    corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary, parameters).detectMarkers(soft)
    found = [] if numbers is None else list(zip(numbers.ravel().tolist(), corners, strict=True))
    return [(number, marker[0].astype(np.float64)) for number, marker in found if number in FIDUCIAL_IDS]
