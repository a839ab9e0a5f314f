"""Headless Chromium before the platform: one browser, people of each role who are logged in, pages that are watched."""

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.platforms import Platform

NAMES = ("chromium", "chromium-browser", "google-chrome")
PASSWORD = "correct horse battery staple"
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
SERIOUS = {"serious", "critical"}


@dataclass
class Person:
    """Somebody with an account, and the browser in which they may be logged in."""

    platform: Platform
    email: str
    given: str
    """The password to begin with."""
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)
    """What the console was told of errors."""

    def page(self) -> Page:
        """Open a tab that is watched."""
        page = self.context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", self.note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def note(self, said: ConsoleMessage) -> None:
        """Keep what the console is told of errors; that a page itself was refused is for the test to see."""
        refused = said.text.startswith("Failed to load resource") and "/static/" not in said.location["url"]
        if said.type == "error" and not (refused and "status of 4" in said.text):
            self.complaints.append(said.text)

    def see(self, path: str, page: Page | None = None) -> Page:
        """Open a page of the dashboard."""
        page = page or self.page()
        page.goto(f"{self.platform.url}/dashboard{path}")
        return page


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser that all these tests share."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium is on PATH ({', '.join(NAMES)}); Debian, Ubuntu: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def join(platform: Platform, chromium: Browser) -> Iterator[Callable[..., Person]]:
    """Make an account of some role, and log in; nothing may be said to the console."""
    people: list[Person] = []

    def make(role: str, *, logged_in: bool = True, **look: Any) -> Person:
        email = f"{uuid.uuid4().hex[:10]}@example.org"
        headers = {"Authorization": f"Bearer {platform.api_key}"}
        body = {"email": email, "role": role}
        made = httpx2.post(f"{platform.url}/api/v1/members", json=body, headers=headers, timeout=30)
        assert made.status_code == 201, made.text
        person = Person(platform, email, made.json()["password"], chromium.new_context(**look))
        people.append(person)
        if logged_in:
            log_in(person.see("/login"), person)
        return person

    yield make
    for person in people:
        person.context.close()
    assert [person.complaints for person in people] == [[] for _ in people]


def log_in(page: Page, person: Person) -> Page:
    """Log in for the first time."""
    page.fill("#email", person.email)
    page.fill("#password", person.given)
    page.click("text=Log in >> nth=-1")
    page.fill("#new_password", PASSWORD)
    page.click("text=Go on")
    page.wait_for_selector("nav[aria-label=Main]")
    return page


def faults(page: Page) -> list[str]:
    """Return what axe finds serious on a page."""
    page.evaluate(AXE)
    told = page.evaluate("axe.run().then((found) => found.violations)")
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]} {json.dumps(each['nodes'][0]['any'][:1])[:300]}"
        for each in told
        if each["impact"] in SERIOUS
    ]
