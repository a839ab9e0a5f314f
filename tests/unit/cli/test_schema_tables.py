"""A kind's schema as rows for people."""

from rich.table import Table

from webapp.cli._tables import schema_table

SCHEMA = {
    "type": "object",
    "required": ["level_m"],
    "properties": {
        "level_m": {"type": "number", "description": "Level, m."},
        "limit": {"type": ["number", "null"], "default": 1.6},
        "mode": {"enum": ["fixed", "value"], "default": "fixed"},
        "pumps": {
            "type": "object",
            "additionalProperties": {"type": "object", "properties": {"on": {"type": "boolean"}}},
        },
        "steps": {"type": "array", "items": {"type": "object", "properties": {"at": {"type": "string"}}}},
    },
}


def cells(table: Table) -> list[list[object]]:
    return [list(row) for row in zip(*(column.cells for column in table.columns), strict=True)]


def test_fields_come_with_type_default_and_meaning_and_inner_ones_below() -> None:
    assert cells(schema_table("Params", SCHEMA)) == [
        ["level_m", "number", "yes", "", "Level, m."],
        ["limit", "number", "", "1.6", ""],
        ["mode", "fixed | value", "", "fixed", ""],
        ["pumps", "object", "", "", ""],
        ["pumps.<name>.on", "boolean", "", "", ""],
        ["steps", "array", "", "", ""],
        ["steps[].at", "string", "", "", ""],
    ]
