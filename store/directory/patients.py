"""Patients: each comes with a referral, and people say which of them are one, and which are not."""

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.changes import ChangeKind
from schemas.errors import NotOnRecordError, UsageError
from store import audit
from store.changes import note_referrals
from store.database import Store
from store.tables import patient, patient_apart, referral

NUMBER = sa.func.coalesce(patient.c.merged_into, patient.c.id)  # whom a patient counts as


def add_patient(connection: Connection, store: Store) -> int:
    """A patient for a new referral, in the caller's transaction; who else they may be is for people to say."""
    added = patient.insert().values(added_at=store.clock.now()).returning(patient.c.id)
    return int(connection.execute(added).scalar_one())


def surviving_patient(connection: Connection, patient_id: int) -> int:
    """The patient, or whom they were merged into; raises NotOnRecordError."""
    number = connection.execute(sa.select(NUMBER).where(patient.c.id == patient_id)).scalar()
    if number is None:
        raise NotOnRecordError(f"There is no patient {patient_id}", "`refpad patients list` shows those that there are")
    return int(number)


def is_patient(column: "sa.ColumnElement[int]", patient_id: int) -> sa.ColumnElement[bool]:
    """Whether a column holds that patient, or one merged into them."""
    same = sa.or_(patient.c.id == patient_id, patient.c.merged_into == patient_id)
    return column.in_(sa.select(patient.c.id).where(same))


def merge_patients(store: Store, patient_id: int, into: int, who: str) -> None:
    """Say that two patients are one person: the referrals of the first count as the second's. Nothing is rewritten."""
    with store.write() as connection:
        kept = surviving_patient(connection, into)
        if kept != into or surviving_patient(connection, patient_id) != patient_id or patient_id == into:
            raise UsageError(f"Patient {patient_id} cannot be merged into {into}: name two that count by themselves.")
        if into in {row.number for row in apart_from(connection, patient_id)}:
            raise UsageError(
                f"Patients {patient_id} and {into} are kept as two persons",
                f"take that back first with `refpad patients ask-again {patient_id} {into}`",
                "take that back first",
            )
        note_referrals(connection, is_patient(referral.c.patient_id, patient_id), ChangeKind.CHANGED)
        same = sa.or_(patient.c.id == patient_id, patient.c.merged_into == patient_id)
        connection.execute(patient.update().where(same).values(merged_into=into))
        audit.append(connection, store.clock.now(), who, "merge", f"patient {patient_id}", {"into": into})


def unmerge_patient(store: Store, patient_id: int, who: str) -> None:
    """Part a patient from the one that they were merged into."""
    with store.write() as connection:
        surviving_patient(connection, patient_id)
        merged = patient.update().where(patient.c.id == patient_id, patient.c.merged_into.is_not(None))
        if connection.execute(merged.values(merged_into=None)).rowcount != 1:
            raise UsageError(f"Patient {patient_id} is not merged into another.")
        note_referrals(connection, referral.c.patient_id == patient_id, ChangeKind.CHANGED)
        audit.append(connection, store.clock.now(), who, "unmerge", f"patient {patient_id}")


def keep_apart(store: Store, patient_id: int, other_id: int, who: str) -> None:
    """Say that two patients are two persons, whatever they share: nobody is asked about them again."""
    with store.write() as connection:
        one, other = sorted(surviving_patient(connection, number) for number in (patient_id, other_id))
        if one == other:
            raise UsageError(f"Patients {patient_id} and {other_id} count as one: part them first.")
        if other not in {row.number for row in apart_from(connection, one)}:
            row = {"one_id": one, "other_id": other, "by": who, "at": store.clock.now()}
            connection.execute(patient_apart.insert().values(row))
            audit.append(connection, store.clock.now(), who, "keep_apart", f"patient {one}", {"other": other})


def ask_again(store: Store, patient_id: int, other_id: int, who: str) -> None:
    """Take that back: whether the two are one person is an open question again."""
    with store.write() as connection:
        one, other = sorted(surviving_patient(connection, number) for number in (patient_id, other_id))
        rows = [row.id for row in apart_from(connection, one) if row.number == other]
        if not rows:
            raise UsageError(f"Nobody has said that patients {patient_id} and {other_id} are two persons.")
        connection.execute(patient_apart.delete().where(patient_apart.c.id.in_(rows)))
        audit.append(connection, store.clock.now(), who, "ask_again", f"patient {one}", {"other": other})


def apart_from(connection: Connection, number: int) -> list[sa.Row[Any]]:
    """Of whom it is said that they are somebody else than this patient: each row, `number` is whom they count as."""
    first, second = patient.alias("first"), patient.alias("second")
    whom = [sa.func.coalesce(side.c.merged_into, side.c.id) for side in (first, second)]
    both = patient_apart.join(first, first.c.id == patient_apart.c.one_id)
    both = both.join(second, second.c.id == patient_apart.c.other_id)
    query = sa.select(patient_apart, sa.case((whom[0] == number, whom[1]), else_=whom[0]).label("number"))
    theirs = query.select_from(both).where(sa.or_(*(side == number for side in whom)))
    return list(connection.execute(theirs.order_by(patient_apart.c.id)))


def remove_without_referrals(connection: Connection, patients: Collection[int]) -> None:
    """Remove those of these patients who have no referral left, in the caller's transaction.

    One whom another counts as stays as their number, until that one goes too.
    """
    has_referral = sa.exists().where(referral.c.patient_id == patient.c.id)
    other = patient.alias("other")
    has_others = sa.exists().where(other.c.merged_into == patient.c.id)
    kept = set(connection.execute(sa.select(patient.c.merged_into).where(patient.c.id.in_(patients))).scalars())
    for numbers in (set(patients), {number for number in kept if number is not None}):
        gone = (patient.c.id.in_(numbers), ~has_referral, ~has_others)
        ids = list(connection.execute(sa.select(patient.c.id).where(*gone)).scalars())
        said = sa.or_(patient_apart.c.one_id.in_(ids), patient_apart.c.other_id.in_(ids))
        connection.execute(patient_apart.delete().where(said))
        connection.execute(patient.delete().where(patient.c.id.in_(ids)))


def patient_faults(connection: Connection) -> Iterator[tuple[str, str]]:
    """What of patients is not as it must be, each a subject and a sentence."""
    lost = sa.select(referral.c.id).where(referral.c.patient_id.is_(None))
    for number in connection.execute(lost.order_by(referral.c.id)).scalars():
        yield f"referral {number}", "It has no patient: restore it."
    into = patient.alias("into")
    deep = sa.select(patient.c.id).join(into, into.c.id == patient.c.merged_into).where(into.c.merged_into.is_not(None))
    for number in connection.execute(deep.order_by(patient.c.id)).scalars():
        yield f"patient {number}", "They count as one who counts as another: restore the record."
    same = patient.alias("same")
    theirs = sa.or_(same.c.id == patient.c.id, same.c.merged_into == patient.c.id)
    has_any = sa.exists().where(referral.c.patient_id == same.c.id, theirs)
    alone = sa.select(patient.c.id).where(patient.c.merged_into.is_(None), ~has_any)
    for number in connection.execute(alone.order_by(patient.c.id)).scalars():
        yield f"patient {number}", "They have no referral: restore it."
