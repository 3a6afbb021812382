"""Make the README's picture anew: the photographed sample slip beside the record that is read from it."""

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ocr.overlay import draw_overlay  # noqa: E402 - the checkout comes onto the path first
from ocr.page import Page  # noqa: E402
from pads.simulate.truth import TruthFile  # noqa: E402
from pads.typeface import font_file  # noqa: E402
from refpad.services.reading.file_reader import open_reader  # noqa: E402
from refpad.settings import Settings  # noqa: E402

SAMPLE = "photo.jpg"
OUT = ROOT / "docs" / "images" / "slip-beside-record.jpg"
HEIGHT_PX = 1000


def main() -> None:
    """Read the sample and lay photo and record side by side."""
    truth = next(scan for scan in TruthFile.load(ROOT / "samples").scans if scan.file == SAMPLE)
    with open_reader(Settings()) as files:
        page = next(page for page in files.opener.pages(ROOT / "samples" / SAMPLE) if isinstance(page, Page))
        (slip,) = files.reader.read_page(page, SAMPLE, truth.received_on).slips
    overlay = draw_overlay(slip.found.picture, slip.reading, slip.found.template, font_file("regular"))
    proof = Image.fromarray(cv2.cvtColor(overlay, cv2.COLOR_BGR2RGB))
    record = _trimmed(proof.crop((slip.found.picture.shape[1], 0, *proof.size)))
    photo = ImageOps.exif_transpose(Image.open(ROOT / "samples" / SAMPLE)).convert("RGB")
    photo = photo.resize((photo.width * HEIGHT_PX // photo.height, HEIGHT_PX), Image.Resampling.LANCZOS)
    record = record.resize((record.width * HEIGHT_PX // record.height, HEIGHT_PX), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (photo.width + record.width, HEIGHT_PX), "white")
    sheet.paste(photo, (0, 0))
    sheet.paste(record, (photo.width, 0))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(OUT, quality=88, subsampling=0)


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without the empty paper below the last line."""
    last = int(np.flatnonzero(np.asarray(picture.convert("L")).min(axis=1) < 250)[-1])
    return picture.crop((0, 0, picture.width, min(picture.height, last + 24)))


if __name__ == "__main__":
    main()
