"""Closed lists: why a file is set aside, and why a person must look at a slip."""

from enum import StrEnum


class SetAsideReason(StrEnum):
    """Why a file or page could not be used. Closed: a new reason is a schema change."""

    EMPTY = "empty"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    PARTIAL_DAMAGE = "partial_damage"
    UNSUPPORTED_TYPE = "unsupported_type"
    ENCRYPTED = "encrypted"
    NO_PAGES = "no_pages"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LARGE = "too_large"
    PAGE_SIZE = "page_size"
    BLANK_PAGE = "blank_page"
    BACK_OF_SLIP = "back_of_slip"
    MIRRORED = "mirrored"
    NO_SLIP_FOUND = "no_slip_found"
    NOT_REGULAR_FILE = "not_regular_file"
    UNREADABLE = "unreadable"
    UNSTABLE = "unstable"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    ENGINE_MISSING = "engine_missing"
    ENGINE_CRASHED = "engine_crashed"
    TEMPORARY = "temporary"
    DIRECTORY = "directory"
    INTERNAL_ERROR = "internal_error"

    @property
    def needs_nobody(self) -> bool:
        """Whether a page set aside for this reason is nothing that anybody must look at."""
        return self in {SetAsideReason.BLANK_PAGE, SetAsideReason.BACK_OF_SLIP}


class FindingCode(StrEnum):
    """Why a person must look at a slip."""

    # the paper and its picture
    UNKNOWN_DESIGN = "unknown_design"
    CODE_UNREADABLE = "code_unreadable"
    REGISTRATION_RESIDUAL = "registration_residual"
    SLIP_CUT_OFF = "slip_cut_off"
    IMAGE_BLURRED = "image_blurred"
    IMAGE_FAINT = "image_faint"
    IMAGE_TOO_SMALL = "image_too_small"
    IMAGE_NEGATIVE = "image_negative"
    RESOLUTION_GUESSED = "resolution_guessed"
    PARTIAL_DAMAGE = "partial_damage"
    ENGINE_FAILED = "engine_failed"
    INTERNAL_ERROR = "internal_error"
    # the slip as a whole
    POSSIBLY_CANCELED = "possibly_canceled"
    # the marks
    NO_BOX_TICKED = "no_box_ticked"
    MARK_AMBIGUOUS = "mark_ambiguous"
    WRITE_IN_UNTICKED = "write_in_unticked"
    WRITE_IN_EMPTY = "write_in_empty"
    CHOICES_CONFLICT = "choices_conflict"
    ANSWER_BLOCKS = "answer_blocks"
    OUT_OF_SCOPE = "out_of_scope"
    # the signature
    SIGNATURE_ABSENT = "signature_absent"
    SIGNATURE_UNCERTAIN = "signature_uncertain"
    SIGNATURE_TYPED = "signature_typed"
    # the text
    FIELD_MISSING = "field_missing"
    FIELD_DOUBTFUL = "field_doubtful"
    PHONE_INVALID = "phone_invalid"
    DATE_INVALID = "date_invalid"
    DATE_FUTURE = "date_future"
    DATE_STALE = "date_stale"
    NUMBER_INVALID = "number_invalid"
    ICD10_INVALID = "icd10_invalid"
    NPI_INVALID = "npi_invalid"
    AGE_IMPLAUSIBLE = "age_implausible"
    NEXT_VISIT_BEFORE_SIGNATURE = "next_visit_before_signature"
    NEXT_VISIT_BEFORE_ARRIVAL = "next_visit_before_arrival"
    # the record
    POSSIBLE_DUPLICATE = "possible_duplicate"
    SERIAL_UNKNOWN = "serial_unknown"
    SERIAL_OF_ANOTHER_STUDIO = "serial_of_another_studio"
    ANSWER_SHEET = "answer_sheet"


# Doubts about the paper and its picture rather than about what is written: they end when a person has looked.
PAPER = frozenset(
    {
        FindingCode.UNKNOWN_DESIGN,
        FindingCode.CODE_UNREADABLE,
        FindingCode.REGISTRATION_RESIDUAL,
        FindingCode.SLIP_CUT_OFF,
        FindingCode.IMAGE_BLURRED,
        FindingCode.IMAGE_FAINT,
        FindingCode.IMAGE_TOO_SMALL,
        FindingCode.IMAGE_NEGATIVE,
        FindingCode.RESOLUTION_GUESSED,
        FindingCode.PARTIAL_DAMAGE,
        FindingCode.ENGINE_FAILED,
        FindingCode.INTERNAL_ERROR,
        FindingCode.POSSIBLY_CANCELED,
    }
)

# What a person may let stand, naming each, when a slip is accepted. A possible duplicate is decided on its own.
# What a pad says speaks against a referral may be settled by telephone since, which the paper cannot know.
WAIVABLE = PAPER | {
    FindingCode.SERIAL_UNKNOWN,
    FindingCode.SERIAL_OF_ANOTHER_STUDIO,
    FindingCode.ANSWER_BLOCKS,
    FindingCode.OUT_OF_SCOPE,
}
