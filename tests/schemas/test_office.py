"""What is entered of an office or a provider can be used: called, faxed, mailed."""

import pytest

from schemas.errors import UsageError
from schemas.office import Office, Provider, check_entry

OFFICE = {"id": "riverside", "name": "Riverside Spine"}


@pytest.mark.parametrize(
    "entered",
    [
        {},
        {"phone": "(212) 555-0101", "fax": "212-555-0102", "email": "desk@riverside.example"},
        {"phone": "(212) 555-0101 ext. 4021", "fax": "+1 347 555 0188"},
        {"address": "4 River Road, Anytown, NY"},
        {"address": "4 River Road, Anytown, NY 10001"},
        {"address": "4 River Road, Anytown, NY 10001-0123"},
        {"address": "P.O. Box 12"},
        {"phone": "", "address": ""},
    ],
)
def test_what_letters_and_calls_can_use_passes(entered: dict[str, str]) -> None:
    """Also with an extension, from abroad, or half known."""
    check_entry(Office, {**OFFICE, **entered}, "US", entered)


def test_all_that_cannot_be_used_is_said_at_once_and_never_repeated() -> None:
    """An office's phone was saved as "12", and a fax to such a number never arrives."""
    wrong = {
        "name": "x",
        "phone": "12",
        "fax": "555-0101",
        "email": "nobody",
        "address": "4 River Road, Anytown, NY 1234",
    }
    with pytest.raises(UsageError) as told:
        check_entry(Office, {**OFFICE, **wrong}, "US", wrong)
    number = (
        "write a telephone number that is valid in US (+1) with its area code, or one of another country after its +"
    )
    assert str(told.value) == (
        "This does not fit: name: write at least 2 characters; email: write one email address, such as "
        f"desk@lakeside.example; phone: {number}; fax: {number}; "
        "address: write a ZIP code of 5 digits, or of 5 and 4, as in 60622-1234."
    )


def test_a_number_that_is_on_record_already_holds_up_no_other_change() -> None:
    """It was entered before numbers were checked; whoever corrects the name need not know the right one."""
    check_entry(Office, {**OFFICE, "phone": "12"}, "US", {"name"})
    provider = {"id": 1, "name": "N. Rosenthal, MD", "fax": "12"}
    check_entry(Provider, provider, "US", {"name"})
    with pytest.raises(UsageError, match="fax: write a telephone number"):
        check_entry(Provider, provider, "US", {"fax"})


def test_an_address_abroad_is_written_as_it_is_there() -> None:
    """Four digits behind two letters are a postcode in other countries."""
    check_entry(Office, {**OFFICE, "address": "4 River Road, Anytown, NT 0800"}, "AU", {"address"})
