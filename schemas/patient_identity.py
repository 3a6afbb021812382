"""What else than the name tells one patient from another: two patients of one office may have the same."""

from schemas.dates import show_day
from schemas.phones import show_phone
from schemas.referral import Referral


def known_by(record: Referral, phone_region: str) -> str:
    """The date of birth where the record has it, and the telephone number, as `in_words`."""
    born = show_day(record.birth_date) if record.birth_date else ""
    return in_words(born, show_phone(record.patient_phone, phone_region))


def in_words(born: str, phone: str) -> str:
    """As it stands beside a name: "born Jul 4, 1958; tel. (212) 555-0142", without what is not known."""
    return "; ".join(filter(None, (born and f"born {born}", phone and f"tel. {phone}")))
