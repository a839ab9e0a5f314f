from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Person


def test_a_second_factor_is_set_up_and_asked_for(join: Callable[..., Person]) -> None:
    person = join("viewer")
    page = person.see("/account")
    page.click("text=Set up")
    app = pyotp.TOTP(page.inner_text(".card >> text=Or type the secret in >> code"))
    page.fill("#code", app.now())
    page.click("text=Confirm")
    assert page.locator(".codes li").count() >= 8
    page.click("text=Log out")
    assert page.inner_text("[role=status]") == "You are logged out."
    page.fill("#email", person.email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.fill("#totp", app.at(datetime.now(UTC) + timedelta(seconds=30)))  # the code of this moment was used above
    page.keyboard.press("Enter")
    page.wait_for_selector("nav[aria-label=Main]")
    assert page.url.endswith("/dashboard/now")


def test_whoever_is_not_logged_in_is_led_back_after_the_login(join: Callable[..., Person]) -> None:
    person = join("viewer")
    person.context.clear_cookies()
    page = person.see("/jobs?state=failed")
    page.fill("#email", person.email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/jobs?state=failed")


def test_the_login_leads_into_flower_for_whoever_runs_the_platform(join: Callable[..., Person]) -> None:
    person = join("admin")
    page = person.see("/admin")
    page.click("text=Flower")
    page.wait_for_url("http://127.0.0.1:*/")
    expect(page.get_by_role("link", name="Workers")).to_be_visible()
    assert "/dashboard" not in page.url
    person.complaints.clear()  # what Flower's own pages tell the console is not ours


def test_flower_is_nobody_elses(join: Callable[..., Person]) -> None:
    person = join("operator")
    page = person.see("/admin/flower")
    expect(page.get_by_role("heading", level=1)).to_contain_text("does not hold this permission")
