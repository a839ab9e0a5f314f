"""Many whole numbers out of the database and back: rows as arrays, without an object for each value."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

_HEAD = 19
"""Bytes of a binary COPY before its first row: signature, flags, an empty extension."""
_END = 2
_SCOPE = text("SELECT")


def read_numbers(session: Session, query: str, given: Mapping[str, Any], columns: int) -> NDArray[np.int64]:
    """Return the rows of a query whose columns are all `bigint`, none of them null.

    `query` names what is given as psycopg2 does: `%(tenant_id)s`.
    """
    session.execute(_SCOPE)  # says whose rows are seen, as every statement of the session does
    cursor = session.connection().connection.cursor()
    try:
        asked = cursor.mogrify(f"COPY ({query}) TO STDOUT (FORMAT binary)", dict(given))
        told = BytesIO()
        cursor.copy_expert(asked, told)
    finally:
        cursor.close()
    each = [field for n in range(columns) for field in ((f"length{n}", ">i4"), (f"value{n}", ">i8"))]
    row = np.dtype([("count", ">i2"), *each])
    rows = np.frombuffer(told.getbuffer()[_HEAD:-_END], row)
    return np.stack([rows[f"value{n}"].astype(np.int64) for n in range(columns)], axis=1)


def array_of(numbers: NDArray[np.int64]) -> str:
    """Write numbers as Postgres writes an array, to be cast to `bigint[]`."""
    return "{" + ",".join(map(str, numbers.tolist())) + "}"
