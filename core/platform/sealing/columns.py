"""Columns of sealed values: they take nothing that was not sealed, and are found wherever a table has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Dialect, Table, Text
from sqlalchemy.types import TypeDecorator

from core.database import Base
from core.platform.sealing.values import Sealed


class SealedText(TypeDecorator[Sealed]):
    """A text column that holds what `seal` made; plain text is refused with `TypeError`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Let sealed values in only."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError("this column takes sealed values only: see core.platform.sealing.values")
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Sealed | None:  # noqa: ARG002 - SQLAlchemy's
        """Say of what comes out that it is sealed."""
        return None if value is None else Sealed(value)


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds sealed values, and its table."""

    table: Table
    column: Column[Any]

    @property
    def name(self) -> str:
        """Name it as people do."""
        return f"{self.table.name}.{self.column.name}"


def sealed_columns() -> Iterator[SealedColumn]:
    """Find the sealed columns of all tables that this process knows."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, SealedText):
                yield SealedColumn(table, column)
