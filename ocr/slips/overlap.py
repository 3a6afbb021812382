"""Slips that overlap: writing on the upper slip must not be read as the lower one's."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.slips.found_slip import FoundSlip, RegisteredSlip, UnreadSlip
from schemas.geometry import MM_PER_INCH
from schemas.reading import Finding
from schemas.reasons import FindingCode

# Outlines are known to a fraction of a millimeter; a smaller covered share of a field holds no writing.
EDGE_MM = 0.5
FIELD_SHARE = 0.05


def refuse_covered(slips: Sequence[FoundSlip]) -> list[FoundSlip]:
    """The slips; those with fields under another slip become unread.

    The lower of two has lost corner marks. When neither or both have, it is unknown which is the lower, and neither is
    read.
    """
    return [_checked_slip(slip, slips) if isinstance(slip, RegisteredSlip) else slip for slip in slips]


def _checked_slip(slip: RegisteredSlip, slips: Sequence[FoundSlip]) -> FoundSlip:
    covered = _covered_labels(slip, slips)
    return _refuse(slip, covered) if covered else slip


def _covered_labels(slip: RegisteredSlip, slips: Sequence[FoundSlip]) -> list[str]:
    """Labels of the fields over which another slip lies, or may lie."""
    above = [other for other in slips if other is not slip and _is_placed(other) and not _lies_under(other, slip)]
    if not above:
        return []
    covers = [_inner_outline(other) for other in above]
    labels = []
    for field in slip.template.design.fields:
        place = slip.transform.px(np.array(field.box_mm.corners)).astype(np.float32)
        shared = sum(cv2.intersectConvexConvex(place, cover)[0] for cover in covers)
        if shared > FIELD_SHARE * cv2.contourArea(place):
            labels.append(field.label)
    return labels


def _is_placed(slip: FoundSlip) -> bool:
    """Whether it is known where the slip lies, and not only that there is one."""
    return isinstance(slip, RegisteredSlip) or (slip.template is not None and slip.lost_marks == 0)


def _lies_under(other: FoundSlip, slip: FoundSlip) -> bool:
    return other.lost_marks > 0 and slip.lost_marks == 0


def _inner_outline(slip: FoundSlip) -> NDArray[np.float32]:
    """The slip's outline (4, 2), shrunk by its uncertainty."""
    middle = slip.corners_px.mean(axis=0)
    shorter = np.linalg.norm(slip.corners_px - np.roll(slip.corners_px, 1, axis=0), axis=1).min()
    part = max(0.0, 1 - 2 * EDGE_MM * slip.dpi / MM_PER_INCH / max(float(shorter), 1.0))
    return np.asarray(middle + (slip.corners_px - middle) * part, np.float32)


def _refuse(slip: RegisteredSlip, covered: Sequence[str]) -> UnreadSlip:
    labels = ", ".join(f'"{label}"' for label in covered)
    detail = f"Another slip lies over {labels}; lay the slips apart and scan them again."
    finding = Finding(code=FindingCode.REGISTRATION_RESIDUAL, detail=detail)
    return slip.to_unread(finding)
