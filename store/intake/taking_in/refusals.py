"""Which files in the inbox are not taken in at all, judged by their kind, size and name before a byte is read."""

import os
import re
import stat
from dataclasses import dataclass

from schemas.limits import Limits
from schemas.reasons import SetAsideReason
from schemas.states import OccurrenceState

# Written beside a scan by browsers, copiers, editors, sync tools and desktops; seen in the field.
_SIDE_FILES = re.compile(
    r"""
    .*\.(part|filepart|partial|crdownload|download|tmp|temp|swp|swx|!ut)   # still being written
    | .*~ | ~\$.* | \.~lock\..* | \.\#.*                                     # editors
    | .*:zone\.identifier | \._.* | \.ds_store | thumbs\.db | desktop\.ini   # desktops
    | \.(nfs|fuse_hidden|smbdelete|goutputstream-).* | \.syncthing\..*       # network and sync
    | \..+\.[a-z0-9]{6}                                                      # rsync
    | \.refpad-inbox                                                         # the inbox's own marker
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)

# Kept by file servers, desktops and sync tools for themselves, with copies and thumbnails of what lies beside them.
_LEFT_FOLDERS = re.compile(
    r"""
    \..* | __macosx | \$recycle\.bin | system\ volume\ information   # desktops
    | @.* | \#(recycle|snapshot) | lost\+found                        # file servers
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Refusal:
    """Why a file stays in the inbox: its state in the ledger, the reason and one sentence."""

    state: OccurrenceState
    reason: SetAsideReason
    message: str


UNREADABLE = Refusal(
    OccurrenceState.SET_ASIDE,
    SetAsideReason.UNREADABLE,
    "refpad may not read this file: give it the right to, and it is taken in.",
)


def is_side_file(name: str) -> bool:
    """Whether a file of that name is taken for another program's temporary file, and left alone."""
    return _SIDE_FILES.fullmatch(name) is not None


def is_left_folder(name: str) -> bool:
    """Whether a folder of that name is hidden or temporary, or kept by a machine for itself, and left alone."""
    return is_side_file(name) or _LEFT_FOLDERS.fullmatch(name) is not None


def refusal_of(name: str, looked: os.stat_result, limits: Limits) -> Refusal | None:
    """Why the file of that name and lstat is not taken in, or None."""
    if stat.S_ISDIR(looked.st_mode):
        sentence = (
            "refpad does not look into this folder, which lies too deep or may not be read: "
            "move the scans in it into the inbox itself, give the right to read it, or raise REFPAD_INBOX_DEPTH."
        )
        return Refusal(OccurrenceState.IGNORED, SetAsideReason.DIRECTORY, sentence)
    if is_side_file(name):
        sentence = "This is another program's temporary file: it is left alone."
        return Refusal(OccurrenceState.IGNORED, SetAsideReason.TEMPORARY, sentence)
    if not stat.S_ISREG(looked.st_mode):
        sentence = "This is a link, pipe or device, not a file: put the scan itself into the inbox."
        return Refusal(OccurrenceState.SET_ASIDE, SetAsideReason.NOT_REGULAR_FILE, sentence)
    if looked.st_size > limits.file_bytes:
        sentence = f"This file has {looked.st_size:,} bytes, above {limits.file_bytes:,}: split it or raise the limit."
        return Refusal(OccurrenceState.SET_ASIDE, SetAsideReason.TOO_LARGE, sentence)
    return None
