"""Strict JSON, and pointers to what is wrong."""

import contextlib
import json
from typing import Any

import pytest
from flask import Request
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields
from werkzeug.test import EnvironBuilder

from webapp.parsing import MAX_DEPTH, MAX_DIGITS, FieldsInvalid, load, load_query, parse_json, query_defaults
from webapp.problems import BodyMalformed

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | STORABLE,
    lambda below: st.lists(below) | st.dictionaries(STORABLE, below),
    max_leaves=30,
)


@given(VALUES)
def test_what_json_writes_is_read_back(value: Any) -> None:
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary())
def test_any_bytes_are_read_or_malformed(body: bytes) -> None:
    with contextlib.suppress(BodyMalformed):
        assert json.dumps(parse_json(body), allow_nan=False)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_nesting_has_its_limit(opening: bytes) -> None:
    closing = {b"[": b"]", b'{"a":': b"}"}[opening]
    parse_json(opening * MAX_DEPTH + b"1" + closing * MAX_DEPTH)
    with pytest.raises(BodyMalformed, match="nesting"):
        parse_json(opening * (MAX_DEPTH + 1) + b"1" + closing * (MAX_DEPTH + 1))


def test_whole_numbers_have_their_length() -> None:
    assert parse_json(b"9" * MAX_DIGITS) == 10**MAX_DIGITS - 1
    with pytest.raises(BodyMalformed, match="more than 1000 digits"):
        parse_json(b"9" * 5000)


def test_width_is_not_depth() -> None:
    assert len(parse_json(b"[" + b",".join([b"{}"] * 1000) + b"]")) == 1000


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "\\udfff", "\\ud83dx", "\\ude00\\ud83d"])
def test_what_postgres_cannot_keep_is_malformed(text: str) -> None:
    with pytest.raises(BodyMalformed):
        parse_json(f'{{"a": ["{text}"]}}'.encode())
    with pytest.raises(BodyMalformed):
        parse_json(f'{{"{text}": 1}}'.encode())


class Inner(Schema):
    x = fields.Integer(required=True)


class Outer(Schema):
    inner = fields.List(fields.Nested(Inner))
    plain = fields.Integer()


def test_pointers_lead_to_every_wrong_field() -> None:
    with pytest.raises(FieldsInvalid) as caught:
        load(Outer(unknown="raise"), {"inner": [{"x": 1}, {}], "plain": "x", "a/b~c": 1})
    assert {error.pointer for error in caught.value.errors} == {"/inner/1/x", "/plain", "/a~1b~0c"}


def query(text: str) -> Request:
    return Request(EnvironBuilder(query_string=text).get_environ())


def test_queries_refuse_what_is_unknown_or_repeated() -> None:
    assert load_query(None, query("")) == {}
    for text, pointer in [("a=1", "/a"), ("a=1&a=1", "/a")]:
        with pytest.raises(FieldsInvalid) as caught:
            load_query(None, query(text))
        assert [error.pointer for error in caught.value.errors] == [pointer]


def test_defaults_are_known_unless_something_is_required() -> None:
    assert query_defaults(None) == {}
    assert query_defaults(Schema.from_dict({"a": fields.Integer(load_default=3)})()) == {"a": 3}
    assert query_defaults(Inner()) is None
