"""Filters of the pages' templates."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from webapp.examples import resolve

_CODE = re.compile(r"`([^`]+)`")


def install_filters(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters["prose"] = prose
    app.jinja_env.filters["followed"] = followed


def prose(text: str) -> Markup:
    """Write a sentence with its `code` marked as such."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just before


def followed(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, keeping the description beside it."""
    return {**resolve(schema, schemas), **{name: value for name, value in schema.items() if name != "$ref"}}
