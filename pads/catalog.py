"""The pad designs there are: the bundled ones, and those of a user's folder."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pads.adopt.blank_picture import load_blank
from pads.design_errors import error_sentences
from pads.labels import label_faults
from schemas.errors import DesignError, UsageError, toml_place
from schemas.pad import PadDesign

BUNDLED = Path(__file__).parent / "designs"


def load(path: Path) -> PadDesign:
    """The design in a TOML file; DesignError names file, field and figure of everything wrong with it."""
    design = _validate(path, _parse(path))
    if path.stem != str(design.pad_id):
        raise DesignError(f"{path.name}: holds {design.pad_id}; name the file after what it holds.")
    if design.adopted:
        load_blank(design, path.parent)
    elif found := label_faults(design):
        raise DesignError(f"{path.name}: {'; '.join(found)}.")
    return design


def load_all(extra: Path | None = None) -> tuple[PadDesign, ...]:
    """All bundled designs and those in the folder `extra`, by name and edition."""
    designs = [*_load_bundled()]
    if extra is not None:
        designs += [load(path) for path in sorted(extra.glob("*.toml"))]
    counts = Counter(design.pad_id for design in designs)
    if twice := [pad for pad, count in counts.items() if count > 1]:
        raise DesignError(f"{twice[0]} is there {counts.most_common(1)[0][1]} times; give the new one a new edition.")
    return tuple(sorted(designs, key=lambda design: design.pad_id))


def printable(designs: Iterable[PadDesign]) -> tuple[PadDesign, ...]:
    """Those that refpad itself prints."""
    return tuple(design for design in designs if not design.adopted)


def find(designs: Iterable[PadDesign], name: str) -> PadDesign:
    """The design called `name`: "met-1" that edition, "met" the latest; UsageError lists what there is."""
    known = sorted(designs, key=lambda design: design.pad_id)
    fitting = [design for design in known if name in (design.design, str(design.pad_id))]
    if not fitting:
        there = ", ".join(str(design.pad_id) for design in known) or "none"
        raise UsageError(f'There is no pad design "{name}"; there are: {there}.')
    return fitting[-1]


@cache
def _load_bundled() -> tuple[PadDesign, ...]:
    return tuple(load(path) for path in sorted(BUNDLED.glob("*.toml")))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DesignError(
            f"{path.name}: cannot be understood at {toml_place(error)}; mend that line or take the file out of "
            f"{path.parent}."
        ) from None
    except OSError as error:
        raise DesignError(f"{path.name}: cannot be opened ({error.strerror}).") from error


def _validate(path: Path, data: dict[str, Any]) -> PadDesign:
    try:
        return PadDesign.model_validate(data)
    except ValidationError as error:
        raise DesignError(f"{path.name}: {'; '.join(error_sentences(error, data))}.") from error
