"""The landing page, and the style sheet of all pages."""

from pathlib import Path

from flask import Blueprint, Response, render_template, send_from_directory

blueprint = Blueprint("pages", __name__)

STATIC = Path(__file__).parent / "static"


@blueprint.get("/")
def show_landing() -> Response:
    """Show what this is and where to go."""
    return Response(render_template("landing.html"), content_type="text/html; charset=utf-8")


@blueprint.get("/static/<name>")
def send_static(name: str) -> Response:
    """Send one of the pages' own files."""
    return send_from_directory(STATIC, name, max_age=3600)


# Read by the test that walks over all routes: these two are for everybody.
vars(show_landing)["permission"] = None
vars(send_static)["permission"] = None
