"""The dashboard put together: every module of `pages/` and `views/` is found by where it lies."""

import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Blueprint, Flask, Response, send_from_directory

from core.errors import Missing
from webapp.dashboard import pages, phrasing, views
from webapp.dashboard.cookies import PATH
from webapp.dashboard.faults import answer_with_pages
from webapp.dashboard.frame import led_on, page
from webapp.operations import Call

STATIC = Path(__file__).parent / "static"
KEPT_S = 3600


class NoSuchPage(Missing):
    """There is no such page."""

    code = "no_such_page"


def register_dashboard(app: Flask) -> None:
    """Put the dashboard's pages under `/dashboard`."""
    phrasing.install(app)
    dashboard = Blueprint("dashboard", __name__, url_prefix=PATH, template_folder="templates")
    answer_with_pages(dashboard)
    for blueprint in (*_blueprints(pages), *_blueprints(views)):
        dashboard.register_blueprint(blueprint)
    _add_files(dashboard)
    page(dashboard, "GET /", "account:read")(show_first_page)
    page(dashboard, "GET /<path:rest>", "account:read")(refuse_unknown)
    app.register_blueprint(dashboard)


def show_first_page(call: Call) -> Response:
    """Lead to the first page that the caller may see."""
    return led_on("now.show_now" if call.principal.may("jobs:read") else "account.show_account")


def refuse_unknown(_call: Call, rest: str) -> Response:
    """Say that nothing is here."""
    raise NoSuchPage(f"nothing is at {PATH}/{rest}")


def _blueprints(package: ModuleType) -> Iterable[Blueprint]:
    for module in pkgutil.iter_modules(package.__path__):
        found: Any = importlib.import_module(f"{package.__name__}.{module.name}")
        if hasattr(found, "blueprint"):
            yield found.blueprint


def _add_files(dashboard: Blueprint) -> None:
    @dashboard.get("/static/<path:name>")
    def send_file(name: str) -> Response:
        return send_from_directory(STATIC, name, max_age=KEPT_S)

    vars(send_file)["permission"] = None  # read by the test that walks over all routes: it is for everybody
