"""Classes: made by a teacher, who reads what their students hand in; admins read all of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Invalid, Missing
from core.ids import uuid7
from core.platform.access import Principal, Role
from core.platform.accounts.models import Member
from core.platform.keys import ApiKey
from core.platform.sealing.values import Place, open_sealed, seal
from core.workloads.code.operations.models import ClassRow, StudentRow

MOST_CLASSES = 200
MOST_STUDENTS = 500


class ClassMissing(Missing):
    """There is no such class, or another teacher has it."""

    code = "class_missing"


class ClassNameTaken(Conflict):
    """Another class of the tenant has this name."""

    code = "class_name_taken"


class ClassFull(Conflict):
    """There are as many classes, or students in one, as may be."""

    code = "class_full"


class StudentUnknown(Invalid):
    """Students are members of the tenant, or its keys."""

    code = "student_unknown"


class StudentMissing(Missing):
    """The class has no such student."""

    code = "student_missing"


def make(session: Session, principal: Principal, name: str) -> ClassRow:
    """Make a class that the caller teaches; raises `ClassNameTaken` and `ClassFull`."""
    if (session.scalar(select(func.count()).where(ClassRow.tenant_id == principal.tenant_id)) or 0) >= MOST_CLASSES:
        raise ClassFull(f"{MOST_CLASSES} classes are allowed")
    row = {"id": uuid7(), "tenant_id": principal.tenant_id, "name": name, "made_by": principal.id}
    made = session.scalar(insert(ClassRow).values(row).on_conflict_do_nothing().returning(ClassRow.id))
    if made is None:
        raise ClassNameTaken(f"there is a class {name!r}")
    return session.get_one(ClassRow, made)


def find(session: Session, principal: Principal, class_id: UUID, *, lock: bool = False) -> ClassRow:
    """Return a class that the caller teaches; raises `ClassMissing`."""
    query = select(ClassRow).where(ClassRow.id == class_id, _theirs(principal))
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise ClassMissing(f"there is no class {class_id}")
    return row


def list_classes(
    session: Session, principal: Principal, *, limit: int, after: UUID | None = None
) -> Sequence[ClassRow]:
    """Return the classes that the caller teaches, newest first, beginning behind `after`."""
    query = select(ClassRow).where(_theirs(principal)).order_by(ClassRow.id.desc()).limit(limit)
    return session.scalars(query if after is None else query.where(ClassRow.id < after)).all()


def remove(session: Session, principal: Principal, class_id: UUID) -> None:
    """Forget a class; what its students have handed in stays theirs. Raises `ClassMissing`."""
    session.delete(find(session, principal, class_id, lock=True))


def enroll(session: Session, row: ClassRow, member_id: UUID, alias: str) -> StudentRow:
    """Put a member into a class, or change what it is called there; the class is locked.

    Raises `StudentUnknown` and `ClassFull`.
    """
    known = select(Member.id).where(Member.id == member_id, Member.tenant_id == row.tenant_id)
    keyed = select(ApiKey.id).where(ApiKey.id == member_id, ApiKey.tenant_id == row.tenant_id)
    if session.scalar(known.union(keyed)) is None:
        raise StudentUnknown(errors=[FieldError("/member_id", f"There is no member and no key {member_id}.")])
    enrolled = session.get(StudentRow, (row.id, member_id))
    if enrolled is None and len(list_students(session, row)) >= MOST_STUDENTS:
        raise ClassFull(f"{MOST_STUDENTS} students are allowed")
    sealed = seal(session, _place(row, member_id), alias, subject=member_id)
    if enrolled is None:
        enrolled = StudentRow(class_id=row.id, member_id=member_id, tenant_id=row.tenant_id, alias=sealed)
        session.add(enrolled)
    enrolled.alias = sealed
    session.flush()
    session.refresh(enrolled)
    return enrolled


def dismiss(session: Session, row: ClassRow, member_id: UUID) -> None:
    """Take a student out of a class; raises `StudentMissing`."""
    mine = (StudentRow.class_id == row.id, StudentRow.member_id == member_id)
    if session.scalar(delete(StudentRow).where(*mine).returning(StudentRow.member_id)) is None:
        raise StudentMissing(f"{member_id} is not in the class")


def list_students(session: Session, row: ClassRow) -> Sequence[StudentRow]:
    """Return the students of a class in the order in which they came."""
    mine = select(StudentRow).where(StudentRow.class_id == row.id)
    return session.scalars(mine.order_by(StudentRow.joined_at, StudentRow.member_id)).all()


def alias_of(session: Session, row: ClassRow, student: StudentRow) -> str:
    """Open what a student is called."""
    return open_sealed(session, _place(row, student.member_id), student.alias)


def taught_by(principal: Principal) -> Select[UUID]:
    """Make the query for everybody whom the caller teaches."""
    joined = select(StudentRow.member_id).join(ClassRow, ClassRow.id == StudentRow.class_id)
    return joined.where(_theirs(principal))


def _theirs(principal: Principal) -> ColumnElement[bool]:
    of_the_tenant = ClassRow.tenant_id == principal.tenant_id
    return of_the_tenant if principal.role is Role.ADMIN else and_(of_the_tenant, ClassRow.made_by == principal.id)


def _place(row: ClassRow, member_id: UUID) -> Place:
    return Place(row.tenant_id, "course_students", "alias", f"{row.id}:{member_id}")
