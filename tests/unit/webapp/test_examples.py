"""Examples and curl lines made from schemas."""

import shlex

from webapp.examples import curl, example_of


def test_an_example_prefers_what_the_schema_gives() -> None:
    schemas = {"Thing": {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}}}
    assert example_of({"example": 7}, {}) == 7
    assert example_of({"enum": ["a", "b"]}, {}) == "a"
    assert example_of({"oneOf": [{"const": 1}, {"const": 2}]}, {}) == 1
    assert example_of({"type": ["integer", "null"], "minimum": 3}, {}) == 3
    made = example_of({"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}, schemas)
    assert len(made[0]["id"]) == 36


def test_an_example_of_itself_ends() -> None:
    schemas = {"Tree": {"type": "object", "properties": {"below": {"$ref": "#/components/schemas/Tree"}}}}
    assert example_of(schemas["Tree"], schemas)


def test_a_curl_line_survives_the_shell() -> None:
    words = shlex.split(curl("POST", "http://h/x?a=1&b=2", public=False, body={"a": "it's"}))
    assert words[:4] == ["curl", "-X", "POST", "http://h/x?a=1&b=2"]
    assert words[-1] == '{"a": "it\'s"}'
    assert "Authorization" not in curl("GET", "http://h/", public=True)
