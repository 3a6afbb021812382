"""A patient with all referrals, and who else may be the same person: told to people, who say so or not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.referral import Referral
from schemas.same_person import PatientFacts, why_same
from store import audit
from store.database import Store
from store.directory.patients import NUMBER, apart_from, is_patient, surviving_patient
from store.search.words import DATE, PHONE, TEXT, phone_digits, plain_words
from store.tables import audit as audit_table
from store.tables import patient, referral, search_hit, search_word

LISTED_MOST = 50
COMPARED_MOST = 200  # referrals that share a telephone, a date of birth, or all words of a name; the newest


class PatientReferral(Value):
    """One referral of a patient, as it says who that is. `patient_id` is whom it came with."""

    id: int
    patient_id: int
    accepted_on: date
    facts: PatientFacts
    provider_name: str
    provider_id: int | None


class JoinedPatient(Value):
    """A patient of whom somebody said that they are another, or that they are not; `by` and `at` say who and when."""

    id: int
    name: str
    by: str
    at: datetime | None


class Patient(Value):
    """All referrals of one person, newest first. `joined` count as them, `apart` are known to be somebody else."""

    id: int
    referrals: tuple[PatientReferral, ...]
    joined: tuple[JoinedPatient, ...] = ()
    apart: tuple[JoinedPatient, ...] = ()

    @property
    def facts(self) -> PatientFacts:
        """As the newest referral says it, with a date of birth that an earlier one may have."""
        newest = self.referrals[0].facts
        born = next((one.facts.birth_date for one in self.referrals if one.facts.birth_date), None)
        return newest.model_copy(update={"birth_date": born})

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.facts.name for one in self.referrals))

    @property
    def phones(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.facts.phone for one in self.referrals))

    @property
    def providers(self) -> Mapping[str, int | None]:
        return {one.provider_name: one.provider_id for one in reversed(self.referrals) if one.provider_name}


class MaybeSame(Value):
    """Somebody who may be the patient: by the newest referral that says so, and why."""

    patient_id: int
    referral_id: int
    facts: PatientFacts
    why: str


class MaybePair(Value):
    """Two patients who may be one."""

    one: PatientReferral
    other: MaybeSame


def find_patient(store: Store, patient_id: int, who: str) -> Patient:
    """The patient, or whom they were merged into; that they were looked at is in the audit. NotOnRecordError."""
    with store.write() as connection:
        number = surviving_patient(connection, patient_id)
        audit.append(connection, store.clock.now(), who, "view", f"patient {number}")
        return patient_within(connection, number)


def patient_within(connection: Connection, number: int) -> Patient:
    """A patient who counts by themselves, in the caller's transaction."""
    theirs = _select().where(is_patient(referral.c.patient_id, number)).order_by(referral.c.id.desc())
    referrals = tuple(map(_referral, connection.execute(theirs)))
    merged = connection.execute(sa.select(patient.c.id).where(patient.c.merged_into == number)).scalars().all()
    names = {one.patient_id: one.facts.name for one in reversed(referrals)}
    joined = tuple(_joined(connection, gone, names.get(gone, "")) for gone in sorted(merged))
    apart = tuple(_apart(connection, row) for row in apart_from(connection, number))
    return Patient(id=number, referrals=referrals, joined=joined, apart=apart)


def facts_of(record: Referral) -> PatientFacts:
    """What a referral says of its patient."""
    return PatientFacts(name=record.patient_name, phone=record.patient_phone, birth_date=record.birth_date)


def number_of_referral(store: Store, referral_id: int) -> int | None:
    """Whom a referral's patient counts as."""
    query = sa.select(NUMBER).join(referral, referral.c.patient_id == patient.c.id).where(referral.c.id == referral_id)
    with store.read() as connection:
        return connection.execute(query).scalar()


def may_be_same(store: Store, facts: PatientFacts, without: int | None = None) -> list[MaybeSame]:
    """Who on record may be this person, the newest referral first; each patient once.

    `without` is left out, and whoever is known to be somebody else than that patient.
    """
    with store.read() as connection:
        return may_be_same_within(connection, facts, without)


def may_be_same_within(connection: Connection, facts: PatientFacts, without: int | None) -> list[MaybeSame]:
    """The same in the caller's transaction."""
    known = {without} | {row.number for row in apart_from(connection, without)} if without is not None else set()
    found: dict[int, MaybeSame] = {}
    for row in _sharing(connection, facts):
        other = _referral(row)
        why = why_same(facts, other.facts)
        if why is not None and row.number not in known and row.number not in found:
            found[row.number] = MaybeSame(patient_id=row.number, referral_id=other.id, facts=other.facts, why=why)
    return list(found.values())


def maybe_pairs(store: Store) -> list[MaybePair]:
    """Patients who may be one, the newest first: of those who share a telephone or a date of birth."""
    with store.read() as connection:
        pairs: dict[frozenset[int], MaybePair] = {}
        for row in connection.execute(_shared_with_others()):
            one = _referral(row)
            for other in may_be_same_within(connection, one.facts, row.number):
                pair = one.model_copy(update={"patient_id": row.number})
                pairs.setdefault(frozenset((row.number, other.patient_id)), MaybePair(one=pair, other=other))
            if len(pairs) >= LISTED_MOST:
                break
        return list(pairs.values())


def newest_patients(store: Store, referrals: Sequence[int] | None = None) -> list[Patient]:
    """The patients of these referrals, in their order; None: of the newest."""
    query = sa.select(referral.c.id, NUMBER.label("number")).join(patient, patient.c.id == referral.c.patient_id)
    with store.read() as connection:
        if referrals is None:
            newest = connection.execute(query.order_by(referral.c.id.desc()).limit(LISTED_MOST)).all()
            numbers = dict.fromkeys(row.number for row in newest)
        else:
            some = list(referrals)[:LISTED_MOST]
            known = {row.id: row.number for row in connection.execute(query.where(referral.c.id.in_(some)))}
            numbers = dict.fromkeys(known[number] for number in some if number in known)
        return [patient_within(connection, number) for number in numbers]


def _select() -> sa.Select[Any]:
    texts = [referral.c.record[name].as_string().label(name) for name in ("patient_name", "patient_phone")]
    others = [referral.c.record[name].as_string().label(name) for name in ("birth_date", "provider_name")]
    own = referral.c["id", "patient_id", "accepted_on", "provider_id"]
    return (
        sa.select(*own, *texts, *others, NUMBER.label("number"))
        .join(patient, patient.c.id == referral.c.patient_id)
        .select_from(referral)
    )


def _referral(row: sa.Row[Any]) -> PatientReferral:
    return PatientReferral(
        id=row.id,
        patient_id=row.patient_id,
        accepted_on=row.accepted_on,
        facts=PatientFacts(name=row.patient_name, phone=row.patient_phone, birth_date=row.birth_date or None),
        provider_name=row.provider_name or "",
        provider_id=row.provider_id,
    )


def _sharing(connection: Connection, facts: PatientFacts) -> Sequence[sa.Row[Any]]:
    """The newest referrals with the telephone, the date of birth, or all words of the name."""
    word, hit = search_word.c, search_hit.c
    names = plain_words(facts.name)
    has_all = (
        sa.select(hit.referral_id)
        .join(search_word, word.id == hit.word_id)
        .where(word.kind == TEXT, word.word.in_(names), hit.place == 0)
        .group_by(hit.referral_id)
        .having(sa.func.count() >= len(set(names)))
    )
    exact = [sa.and_(word.kind == PHONE, word.word == phone_digits(facts.phone))]
    if facts.birth_date is not None:
        exact.append(sa.and_(word.kind == DATE, word.word == facts.birth_date.isoformat()))
    shares = sa.select(hit.referral_id).join(search_word, word.id == hit.word_id).where(sa.or_(*exact))
    either = sa.union(shares, has_all) if names else shares
    found = either.subquery()
    query = _select().where(referral.c.id.in_(sa.select(found.c.referral_id))).order_by(referral.c.id.desc())
    return connection.execute(query.limit(COMPARED_MOST)).all()


def _shared_with_others() -> sa.Select[Any]:
    """The newest referrals that share a telephone or a date of birth with another patient's."""
    word, hit, told = search_word.c, search_hit.c, (PHONE, DATE)
    of_one = sa.select(hit.word_id).join(search_word, word.id == hit.word_id).where(word.kind.in_(told))
    of_one = of_one.join(referral, referral.c.id == hit.referral_id)
    of_one = of_one.join(patient, patient.c.id == referral.c.patient_id)
    several = of_one.group_by(hit.word_id).having(sa.func.count(sa.distinct(NUMBER)) > 1)
    shared = sa.select(hit.referral_id).where(hit.word_id.in_(several))
    return _select().where(referral.c.id.in_(shared)).order_by(referral.c.id.desc()).limit(COMPARED_MOST)


def _apart(connection: Connection, row: sa.Row[Any]) -> JoinedPatient:
    newest = _select().where(is_patient(referral.c.patient_id, row.number)).order_by(referral.c.id.desc()).limit(1)
    return JoinedPatient(id=row.number, name=connection.execute(newest).one().patient_name, by=row.by, at=row.at)


def _joined(connection: Connection, number: int, name: str) -> JoinedPatient:
    line = sa.select(audit_table.c.who, audit_table.c.at).where(
        audit_table.c.subject == f"patient {number}", audit_table.c.what == "merge"
    )
    row = connection.execute(line.order_by(audit_table.c.id.desc()).limit(1)).first()
    return JoinedPatient(id=number, name=name, by=row.who if row else "", at=row.at if row else None)
