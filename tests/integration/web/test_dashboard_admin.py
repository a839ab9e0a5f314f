import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask

from core.platform.access import Role
from tests.integration.web.account_world import Person, joined
from tests.integration.web.conftest import KeyClient
from tests.integration.web.dashboard_world import Browser

READING = ("/admin", "/admin/members", "/admin/keys", "/admin/quotas", "/admin/retention", "/admin/audit")


@pytest.fixture
def admin(app: Flask, client: KeyClient, stranger: KeyClient) -> Browser:
    browser = Browser(app.test_client())
    browser.log_in(joined(client, stranger, role="admin"))
    return browser


@pytest.fixture
def operator(app: Flask, client: KeyClient, stranger: KeyClient) -> Browser:
    browser = Browser(app.test_client())
    browser.log_in(joined(client, stranger, role="operator"))
    return browser


def test_an_admin_sees_it_all_and_an_operator_only_quotas(admin: Browser, operator: Browser) -> None:
    assert {path: admin.see(path).status_code for path in READING} == dict.fromkeys(READING, 200)
    seen = {path: operator.see(path).status_code for path in READING}
    assert seen == {path: 200 if path == "/admin/quotas" else 403 for path in READING}
    assert 'href="/dashboard/admin"' not in operator.see("/jobs").text


def test_tenants_are_for_those_who_run_the_platform(
    app: Flask, client_of: Callable[..., KeyClient], stranger: KeyClient, tenant: str
) -> None:
    for home, status in ((True, 200), (False, 403)):
        key = client_of(Role.ADMIN, f"{tenant}-{home}".lower(), home=home)
        browser = Browser(app.test_client())
        browser.log_in(joined(key, stranger, role="admin"))
        assert browser.see("/admin/tenants").status_code == status
        assert ("/dashboard/admin/tenants" in browser.see("/admin").text) == home


def test_a_member_is_invited_changed_and_let_in_anew(
    app: Flask, admin: Browser, client: KeyClient, stranger: KeyClient
) -> None:
    email = f"{uuid.uuid4().hex[:12]}@example.org"
    page = admin.send("/admin/members", {"/email": email, "/role": "viewer"}).text
    given = re.search(r"begins with the password <code>([^<]+)</code>", page)
    assert given
    asked = Browser(app.test_client()).log_in(Person(stranger, "", email), password=given[1])
    assert "Choose your password" in asked.text
    member = next(each for each in client.get("/api/v1/members").get_json()["items"] if each["email"] == email)
    address = f"/admin/members/{member['id']}"
    for form, field, value in (({"role": "operator"}, "role", "operator"), ({"disabled": "no"}, "disabled_at", None)):
        assert admin.send(address, form).status_code == 303
        assert client.get(f"/api/v1/members/{member['id']}").get_json()[field] == value
    admin.send(address, {"disabled": "yes"})
    assert client.get(f"/api/v1/members/{member['id']}").get_json()["disabled_at"] is not None
    assert "begins with the password" in admin.send(f"{address}/reset", {}).text


def test_what_is_wrong_with_an_invitation_is_told_at_its_field(admin: Browser) -> None:
    answer = admin.send("/admin/members", {"/email": "nobody", "/role": "viewer"})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text.split('id="f-email"')[1].split("</div>")[0]


def test_a_key_is_told_once_and_revoked(admin: Browser, client: KeyClient, stranger: KeyClient) -> None:
    page = admin.send("/admin/keys", {"/name": "robot", "/role": "viewer", "/scopes": '["jobs:read"]'}).text
    found = re.search(r"psk_[\w-]{20,}", page)
    assert found
    headers = {"Authorization": f"Bearer {found[0]}"}
    assert stranger.get("/api/v1/jobs", headers=headers).status_code == 200
    assert stranger.get("/api/v1/kinds", headers=headers).status_code == 403
    assert found[0] not in admin.see("/admin/keys").text
    key_id = next(each["id"] for each in client.get("/api/v1/keys").get_json()["items"] if each["name"] == "robot")
    assert admin.send(f"/admin/keys/{key_id}/revoke", {}).status_code == 303
    assert stranger.get("/api/v1/jobs", headers=headers).status_code == 401


def test_the_trail_is_searched_and_verified(admin: Browser, client: KeyClient) -> None:
    made = client.post("/api/v1/keys", json={"name": "traced", "role": "viewer"})
    assert made.status_code == 201
    assert made.headers["Location"] in admin.see("/admin/audit?action=POST /keys&outcome=done").text
    assert "Nothing found" in admin.see("/admin/audit?action=POST /nothing").text
    assert admin.see("/admin/audit?since=yesterday").status_code == 422
    assert admin.see("/admin/audit/verification").status_code == 200


def test_what_a_form_did_is_in_the_trail(admin: Browser, client: KeyClient) -> None:
    job_id = client.post("/api/v1/jobs", json={"kind": "platform.echo"}).get_json()["id"]
    admin.send(f"/jobs/{job_id}/cancel", {})
    found = client.get("/api/v1/audit", query_string={"path": f"/dashboard/jobs/{job_id}/cancel"}).get_json()["items"]
    assert [(each["action"], each["outcome"], each["role"]) for each in found] == [
        ("POST /dashboard/jobs/<uuid:job_id>/cancel", "done", "admin")
    ]


def test_records_are_kept_as_long_as_somebody_says(admin: Browser, client: KeyClient) -> None:
    assert admin.send("/admin/retention/alerts", {"days": "12"}).status_code == 303
    kept = {each["subject"]: each["days"] for each in client.get("/api/v1/retention").get_json()["records"]}
    assert kept["alerts"] == 12
    assert admin.send("/admin/retention/alerts", {"days": "-1"}).status_code == 422
    assert admin.send("/admin/retention/alerts", {"days": ""}).status_code == 303
    assert "of its own" not in admin.see("/admin/retention").text
    assert admin.send("/admin/retention/nothing", {"days": "3"}).status_code == 404


def test_a_tenant_is_made_given_quotas_and_suspended(admin: Browser, client: KeyClient) -> None:
    slug = f"t-{uuid.uuid4().hex[:10]}"
    assert admin.send("/admin/tenants", {"/slug": slug}).location == f"/dashboard/admin/tenants/{slug}?told=tenant-made"
    assert admin.send(f"/admin/tenants/{slug}/quotas", {"/jobs_per_day": "7"}).status_code == 303
    limits = {each["name"]: each["limit"] for each in client.get(f"/api/v1/tenants/{slug}/quotas").get_json()["items"]}
    assert limits["jobs_per_day"] == 7
    assert 'value="7' in admin.see(f"/admin/tenants/{slug}").text
    admin.send(f"/admin/tenants/{slug}", {"suspended": "yes"})
    assert client.get(f"/api/v1/tenants/{slug}").get_json()["suspended_at"] is not None
    assert admin.send("/admin/tenants", {"/slug": "Not A Slug"}).status_code == 422
