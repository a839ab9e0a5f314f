"""The documentation's pages: complete, offline, public."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.catalogue import Catalogue
from core.errors import PenstockError
from webapp.documentation import METHODS
from webapp.openapi import described


def test_every_operation_has_a_page_with_parameters_answers_and_a_curl_line(app: Flask, stranger: FlaskClient) -> None:
    for path, methods in described(app).document["paths"].items():
        for told in (methods[method] for method in METHODS if method in methods):
            page = stranger.get(f"/api/v1/docs/operations/{told['operationId']}")
            assert page.status_code == 200
            assert path in page.text
            assert "curl" in page.text
            for parameter in [*methods.get("parameters", []), *told.get("parameters", [])]:
                assert f"<code>{parameter['name']}</code>" in page.text


def test_the_first_page_lists_every_operation_with_what_it_takes(app: Flask, stranger: FlaskClient) -> None:
    page = stranger.get("/api/v1/docs").text
    rows = re.findall(r'<tr><td><a href="/api/v1/docs/operations/(\w+)">', page)
    told = [each[method] for each in described(app).document["paths"].values() for method in METHODS if method in each]
    assert rows == [each["operationId"] for each in told]
    shown = re.findall(r"<td>(?:<code>([\w:*-]+)</code>|(public))</td></tr>", page)
    assert [named or None for named, _ in shown] == [each.get("x-permission") for each in told]


def test_every_kind_has_a_page_with_its_params_and_example(stranger: FlaskClient, catalogue: Catalogue) -> None:
    for kind in catalogue:
        page = stranger.get(f"/api/v1/docs/kinds/{kind.name}")
        assert page.status_code == 200
        for name in kind.params().fields:
            assert f"<code>{name}</code>" in page.text
    assert stranger.get("/api/v1/docs/kinds/none").status_code == 404


def test_every_error_is_explained(stranger: FlaskClient) -> None:
    page = stranger.get("/api/v1/docs/problems").text
    waiting = [PenstockError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if error.__module__.startswith("webapp"):
            assert f'id="{error.code}"' in page


@pytest.mark.parametrize(
    "address", ["/", "/api/v1/docs", "/api/v1/docs/operations/submit_job", "/api/v1/docs/problems"]
)
def test_pages_need_no_network_and_no_script(stranger: FlaskClient, address: str) -> None:
    page = stranger.get(address)
    assert page.mimetype == "text/html"
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    assert "style-src 'self'" in page.headers["Content-Security-Policy"]


def test_every_link_of_a_page_leads_somewhere(stranger: FlaskClient) -> None:
    pages = ("/", "/api/v1/docs", "/api/v1/docs/kinds/platform.sleep")
    links = [set(re.findall(r'(?:src|href)="(/[^"#]*)', stranger.get(address).text)) for address in pages]
    assert all(links)
    for link in set().union(*links):
        assert stranger.get(link, follow_redirects=True).status_code == 200, link
