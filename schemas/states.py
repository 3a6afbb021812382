"""The states that a file, each time it is seen, its pages and its slips can have in the record."""

from enum import StrEnum


class FileState(StrEnum):
    """One file by content. `REVIEW`: one of its slips or pages waits for a person."""

    WAITING = "waiting"
    REVIEW = "review"
    DONE = "done"
    SET_ASIDE = "set_aside"


class OccurrenceState(StrEnum):
    """One time that a file was seen in the inbox. `TAKEN`: its bytes were new; `IGNORED`: not meant to be read."""

    TAKEN = "taken"
    DUPLICATE = "duplicate"
    SET_ASIDE = "set_aside"
    IGNORED = "ignored"


class PageState(StrEnum):
    """One page of a file. `REJECTED`: a person said that there is nothing to record on it."""

    WITH_SLIPS = "with_slips"
    BLANK = "blank"
    REVIEW = "review"
    SET_ASIDE = "set_aside"
    REJECTED = "dismissed"  # the value that the databases in use hold


class SlipState(StrEnum):
    """One slip."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    REJECTED = "rejected"
