"""This file is about comparing: one test of a value as an SQL condition that is true or false, never null."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, case, cast, false, func, literal, or_
from sqlalchemy.dialects.postgresql import JSONB

from core.workloads.customers.segments.tree import Test


def passes(column: ColumnElement[Any], test: Test, now: datetime) -> ColumnElement[bool]:
    """Compare a column of its own type; null passes no test."""
    value = test.value
    found: ColumnElement[bool]
    match test.op:
        case "exists":
            return column.is_not(None)
        case "equals":
            found = column == value
        case "not_equals":
            found = column != value
        case "in":
            found = column.in_(value)
        case "contains":
            found = func.strpos(column, value) > 0
        case "before":
            found = column < value
        case "after":
            found = column > value
        case "within_last":
            found = and_(column > now - timedelta(days=value), column <= now)
        case _:
            found = _ordered(column, test.op, value)
    return func.coalesce(found, false())


def json_passes(document: Any, name: str, test: Test) -> ColumnElement[bool]:
    """Compare what a JSON document has under a name, whatever its type is; what is not there passes no test."""
    held, told = document[name], document[name].astext
    sort, value = func.jsonb_typeof(held), test.value
    found: ColumnElement[bool]
    match test.op:
        case "exists":
            found = sort != "null"
        case "equals":
            found = held == _json(value)
        case "not_equals":
            found = and_(sort != "null", held != _json(value))
        case "in":
            found = or_(*(held == _json(one) for one in value))
        case "contains":
            within = [(sort == "string", func.strpos(told, value) > 0)] if isinstance(value, str) else []
            found = case(*within, (sort == "array", held.contains(_json([value]))), else_=false())
        case _:
            # Only what is a number may be read as one, which CASE alone makes sure of.
            numbers = [Decimal(repr(one)) for one in (value if isinstance(value, tuple) else (value,))]
            bounds = numbers if isinstance(value, tuple) else numbers[0]
            found = case((sort == "number", _ordered(cast(told, Numeric), test.op, bounds)), else_=false())
    return func.coalesce(found, false())


def _ordered(column: Any, op: str, value: Any) -> Any:
    match op:
        case "less_than":
            return column < value
        case "at_most":
            return column <= value
        case "greater_than":
            return column > value
        case "at_least":
            return column >= value
        case _:
            return column.between(value[0], value[1])


def _json(value: Any) -> ColumnElement[Any]:
    return literal(value, JSONB)
