"""The codes of ICD-10-CM as they are shipped: ocr/diagnosis/data/README.md says where they come from."""

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("icd10cm.txt.gz")
# A letter, two letters or digits, and up to four after a point. U is in use since COVID (U07.1), and since 2026 a
# letter may come second (QA0.010).
ICD10CM_CODE = r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?"
BEFORE_POINT = 3
STEM = 7  # six characters and the point
UNLISTED_CHAPTERS = "VWXY"
_FORM = re.compile(ICD10CM_CODE)


class ListedCode(NamedTuple):
    """One code; with `needs_more` it is billed only with further characters."""

    code: str
    needs_more: bool
    description: str


def listed_codes() -> Iterator[ListedCode]:
    """All codes, in the order of the list."""
    for line in gzip.decompress(LIST.read_bytes()).decode("utf-8").splitlines():
        code, mark, description = line.split("\t")
        yield ListedCode(code, mark == "+", description)


@cache
def known_codes() -> frozenset[str]:
    """All codes, for looking one up; 8 MB that only those pay who meet one on a slip."""
    return frozenset(listed.code for listed in listed_codes())


def is_known(code: str) -> bool:
    """Whether there is such a code, with its point; a seventh character and causes of injury are taken at their word.

    The list has neither; a seventh character stands behind a code of six, filled up with X.
    """
    if code[0] in UNLISTED_CHAPTERS:
        return True
    return (code[:STEM].rstrip("X") if len(code) > STEM else code) in known_codes()


def as_code(written: str) -> str:
    """What is written, in capitals, without spaces and with its point: "m17 11" is M17.11."""
    signs = "".join(ch for ch in written.upper() if ch.isascii() and ch.isalnum())
    return f"{signs[:BEFORE_POINT]}.{signs[BEFORE_POINT:]}" if len(signs) > BEFORE_POINT else signs


def code_problem(written: str) -> str:
    """Why what is written is no code of the list, in a few words; empty when it is one."""
    code = as_code(written)
    if not _FORM.fullmatch(code):
        return "it does not read as a letter, two characters, and up to four behind a point"
    return "" if is_known(code) else f"ICD-10-CM has no code {code}"
