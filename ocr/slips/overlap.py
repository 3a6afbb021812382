"""Slips that lie over one another: what is written on the upper one is no word of the lower one's patient."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.slips.found_slip import FoundSlip, RegisteredSlip, UnreadSlip
from schemas.geometry import MM_PER_INCH
from schemas.reading import Finding
from schemas.reasons import FindingCode

# Outlines are known to a fraction of a millimetre; and so little of a field is not what is written in it.
EDGE_MM = 0.5
FIELD_SHARE = 0.05


def uncovered(slips: Sequence[FoundSlip]) -> list[FoundSlip]:
    """The slips, those refused over whose fields another one lies.

    The lower of two has lost corner marks. When neither has, or both have, nobody can say which is the lower, and both
    are refused.
    """
    return [_judged(slip, slips) if isinstance(slip, RegisteredSlip) else slip for slip in slips]


def _judged(slip: RegisteredSlip, slips: Sequence[FoundSlip]) -> FoundSlip:
    covered = _covered(slip, slips)
    return _refused(slip, covered) if covered else slip


def _covered(slip: RegisteredSlip, slips: Sequence[FoundSlip]) -> list[str]:
    """Labels of the fields over which another slip lies, or may lie."""
    above = [other for other in slips if other is not slip and _is_placed(other) and not _lies_under(other, slip)]
    covers = [_surely_covered(other) for other in above]
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


def _surely_covered(slip: FoundSlip) -> NDArray[np.float32]:
    """The slip's outline (4, 2), drawn in by what it may be off."""
    middle = slip.corners_px.mean(axis=0)
    shorter = np.linalg.norm(slip.corners_px - np.roll(slip.corners_px, 1, axis=0), axis=1).min()
    part = max(0.0, 1 - 2 * EDGE_MM * slip.dpi / MM_PER_INCH / max(float(shorter), 1.0))
    return np.asarray(middle + (slip.corners_px - middle) * part, np.float32)


def _refused(slip: RegisteredSlip, covered: Sequence[str]) -> UnreadSlip:
    labels = ", ".join(f'"{label}"' for label in covered)
    detail = f"Another slip lies over {labels}; lay the slips apart and scan them again."
    finding = Finding(code=FindingCode.REGISTRATION_RESIDUAL, detail=detail)
    return slip.refused(finding)
