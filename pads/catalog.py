"""The pad designs there are: the bundled ones, and those of a user's folder."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pads.adopt.blank_picture import load_blank
from pads.design_errors import error_sentences
from pads.imposition import paper_faults
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
    elif found := [*label_faults(design), *paper_faults(design)]:
        raise DesignError(f"{path.name}: {'; '.join(found)}.")
    return design


def load_all(extra: Path | None = None) -> tuple[PadDesign, ...]:
    """All bundled designs and those in the folder `extra`, by name and edition."""
    designs = [*_load_bundled()]
    if extra is not None:
        known = {design.pad_id for design in designs}
        for path in sorted(extra.glob("*.toml")):
            if path.name.startswith("."):  # what a Mac or an editor puts beside a file
                continue
            if (design := load(path)).pad_id in known:
                raise DesignError(
                    f"{path.name}: {design.pad_id} comes with refpad; give your own another name or edition, in the "
                    "file and in its name."
                )
            designs.append(design)
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
        return tomllib.loads(text := path.read_text(encoding="utf-8-sig"))  # some editors begin a file with a mark
    except UnicodeDecodeError as error:
        raise DesignError(
            f"{path.name}: {toml_place(error)} is not UTF-8; save the file as UTF-8 or take it out of {path.parent}."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise DesignError(
            f"{path.name}: cannot be understood at {toml_place(error)}{_quotes(text)}; mend that line or take the file "
            f"out of {path.parent}."
        ) from None
    except OSError as error:
        raise DesignError(f"{path.name}: cannot be opened ({error.strerror}).") from error


def _quotes(text: str) -> str:
    """The commonest reason, where the file has it: a word processor has bent the quotation marks."""
    return ", maybe for its curly quotation marks where straight ones belong" if re.search("= *[“”„]", text) else ""


def _validate(path: Path, data: dict[str, Any]) -> PadDesign:
    try:
        return PadDesign.model_validate(data)
    except ValidationError as error:
        raise DesignError(f"{path.name}: {'; '.join(error_sentences(error, data))}.") from error
