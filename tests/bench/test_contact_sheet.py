"""Pictures of what went wrong, for people to look at."""

from pathlib import Path

import numpy as np
from PIL import Image

from bench.contact_sheet import Specimen, write_sheet


def test_a_contact_sheet_shows_the_worst_and_nothing_plain(tmp_path: Path) -> None:
    """People look at what went wrong, not at hundreds of boxes that are right."""
    picture = np.full((40, 40), 200, np.uint8)
    some = [
        Specimen(picture, (f"box {n}", "truth: empty", "read: checked"), badness)
        for n, badness in enumerate((0.0, 2.0, 1.0))
    ]
    path = tmp_path / "pictures" / "boxes.png"
    assert write_sheet(path, some) == 2
    with Image.open(path) as sheet:
        assert sheet.format == "PNG"
        assert sheet.width > sheet.height
    assert write_sheet(tmp_path / "none.png", some[:1]) == 0
    assert not (tmp_path / "none.png").exists()
