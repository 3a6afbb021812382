"""Whom a slip may name: the providers of the office that its serial is of come first, patients by their telephone."""

from schemas.names.known_people import OF_THIS_OFFICE, PROVIDER, GivenSerials, KnownPatient, KnownPeople, KnownProvider
from schemas.pad_id import PadId

PEOPLE = KnownPeople(
    providers=(
        KnownProvider(name="Dr. Fenn"),
        KnownProvider(name="Selma Finch, MD", office_id="hillside"),
        KnownProvider(name="Owen Lyle, DO", office_id="riverside"),
    ),
    patients=(
        KnownPatient(name="Mara Quill", phone="+12125550142"),
        KnownPatient(name="Tess Quill", phone="+12125550142"),
        KnownPatient(name="Mara Quill", phone="+12125550142"),
    ),
    serials=(GivenSerials(design="met", edition=1, first=101, last=150, office_id="riverside"),),
)
MET = PadId("met", 1)


def test_the_providers_of_the_office_that_was_given_the_slip_come_first() -> None:
    """A pad's slips are signed by who works where it lies, but people take pads along."""
    found = PEOPLE.of_slip(MET, 150).providers
    assert [(known.name, known.who) for known in found] == [
        ("Owen Lyle, DO", OF_THIS_OFFICE),
        ("Dr. Fenn", PROVIDER),
        ("Selma Finch, MD", PROVIDER),
    ]


def test_a_slip_of_no_office_may_name_any_provider() -> None:
    """Unnumbered, of another pad, or beyond what was given out."""
    for pad, serial in ((MET, None), (MET, 151), (PadId("met", 2), 120), (PadId("post", 1), 120)):
        assert {known.who for known in PEOPLE.of_slip(pad, serial).providers} == {PROVIDER}


def test_patients_are_those_of_the_telephone_alone() -> None:
    """A family shares a telephone; whoever else has a like name is somebody else."""
    slip = PEOPLE.of_slip(MET, None)
    assert [known.name for known in slip.patients_with("+12125550142")] == ["Mara Quill", "Tess Quill"]
    assert slip.patients_with("+12125550143") == ()
    assert slip.patients_with("") == ()
