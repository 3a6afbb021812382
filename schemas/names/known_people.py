"""The people on record, as a reader of slips is told of them: whose names it may expect, and on which slip."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from schemas.base import Value
from schemas.pad_id import PadId
from schemas.sheets.reading import OpenQuestion

OF_THIS_OFFICE, PROVIDER, PATIENT = (
    "a provider of this office on record",
    "a provider on record",
    "a patient on record with this telephone",
)


class KnownProvider(Value):
    """Who has signed slips before, by the name on them."""

    name: str
    office_id: str | None = None


class KnownPatient(Value):
    """Who was referred before, with the telephone that the slip gave (E.164)."""

    name: str
    phone: str


class GivenSerials(Value):
    """The slips of a pad that an office was given: its first and its last serial."""

    design: str
    edition: int
    first: int
    last: int
    office_id: str


class KnownName(Value):
    """A name that may stand in a field, and in words who that is to the studio."""

    name: str
    who: str


@dataclass(frozen=True)
class SlipPeople:
    """Those on record whom one slip may name: providers, those of its office first, and patients by their telephone."""

    providers: tuple[KnownName, ...] = ()
    patients: Mapping[str, tuple[KnownName, ...]] = field(default_factory=dict)

    def patients_with(self, phone: str) -> tuple[KnownName, ...]:
        """The patients who gave this telephone."""
        return self.patients.get(phone, ())


NO_PEOPLE = SlipPeople()


class KnownPeople(Value):
    """All people on record, and what offices were asked and have not answered."""

    providers: tuple[KnownProvider, ...] = ()
    patients: tuple[KnownPatient, ...] = ()
    serials: tuple[GivenSerials, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()

    def of_slip(self, pad: PadId, serial: int | None) -> SlipPeople:
        """Those whom a slip with this code may name."""
        return SlipPeople(providers=self._providers(self._office_of(pad, serial)), patients=self._by_phone)

    def _office_of(self, pad: PadId, serial: int | None) -> str | None:
        """The office that was given the slip, if one was."""
        given = (span for span in self.serials if PadId(span.design, span.edition) == pad)
        return next((span.office_id for span in given if span.first <= (serial or 0) <= span.last), None)

    def _providers(self, office_id: str | None) -> tuple[KnownName, ...]:
        """All providers; those of the office first."""
        own = {provider.name for provider in self.providers if office_id and provider.office_id == office_id}
        names = dict.fromkeys(provider.name for provider in self.providers)
        ranked = sorted(names, key=lambda name: name not in own)
        return tuple(KnownName(name=name, who=OF_THIS_OFFICE if name in own else PROVIDER) for name in ranked)

    @cached_property
    def _by_phone(self) -> dict[str, tuple[KnownName, ...]]:
        names = defaultdict[str, dict[str, KnownName]](dict)
        for patient in self.patients:
            names[patient.phone][patient.name] = KnownName(name=patient.name, who=PATIENT)
        return {phone: tuple(several.values()) for phone, several in names.items()}


NOBODY_KNOWN = KnownPeople()
