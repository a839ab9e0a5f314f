import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.browser.conftest import Person


def test_a_job_is_submitted_by_its_form_and_followed_live(join: Callable[..., Person]) -> None:
    page = join("submitter").see("/submit")
    page.click("text=platform.sleep")
    page.locator("#f-seconds").fill("4")
    page.get_by_label("Steps").fill("40")
    with page.expect_websocket() as listening:
        page.click("text=Submit the job")
        page.wait_for_url(re.compile(r"/dashboard/jobs/[0-9a-f-]+\?told=submitted"))
    assert "job.claimed" in listening.value.wait_for_event("framereceived", lambda frame: "job.claimed" in frame)
    page.evaluate("window.stayed = true")
    expect(page.locator("h1 + .state")).to_have_text("running")
    expect(page.locator("#standing progress")).to_be_visible()
    expect(page.locator("h1 + .state")).to_have_text("succeeded", timeout=60_000)
    expect(page.locator("#result")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("Succeeded")
    assert page.evaluate("window.stayed"), "the page was not loaded anew"
    page.get_by_role("link", name="Now", exact=True).click()
    expect(page.locator("#workers ~ .facts")).to_contain_text("open of 10,000")


def test_a_running_job_is_cancelled_and_run_again_with_changes(join: Callable[..., Person]) -> None:
    person = join("submitter")
    job = person.platform.client.submit("platform.sleep", {"seconds": 60, "steps": 600})
    page = person.see(f"/jobs/{job.id}")
    page.click("text=Cancel")
    expect(page.locator("h1 + .state")).to_have_text("cancelled", timeout=30_000)
    page.click("text=Run again with changes")
    expect(page.get_by_label("Steps")).to_have_value("600")
    page.locator("#f-seconds").fill("0")
    page.click("text=Submit the job")
    expect(page.locator("h1 + .state")).to_have_text("succeeded", timeout=30_000)
    expect(page.locator("#lineage ~ .facts")).to_contain_text(str(job.id)[-8:])
    page.click("text=Retry")
    expect(page.locator(".timeline")).to_contain_text("Tried anew by request")


def test_news_during_a_fetch_is_no_reason_to_fetch_a_job_that_has_ended(join: Callable[..., Person]) -> None:
    person = join("viewer")
    job = person.platform.client.submit("platform.sleep", {"seconds": 60, "steps": 600})
    page = person.see(f"/jobs/{job.id}")
    held: list[Route] = []
    page.route(f"**/jobs/{job.id}?*", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(f"**/jobs/{job.id}?*"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    job.cancel()
    job.wait(timeout=30)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    held[0].continue_()
    expect(page.locator("h1 + .state")).to_have_text("cancelled")
    page.wait_for_function("document.querySelector('.htmx-request') === null")
    expect(page.locator("#outcome")).to_have_count(1)


def test_a_wrong_field_says_so_and_has_the_focus(join: Callable[..., Person]) -> None:
    page = join("submitter").see("/submit/platform.pi")
    page.get_by_label("Points").fill("-1")
    page.click("text=Submit the job")
    expect(page.locator(".field:has(#f-points) .field-error")).to_contain_text("greater than or equal to 1")
    expect(page.get_by_label("Points")).to_be_focused()


def test_chosen_jobs_are_cancelled_after_a_look(join: Callable[..., Person]) -> None:
    person = join("operator")
    for _ in range(2):
        person.platform.client.submit("platform.sleep", {"seconds": 600}, tags=[person.email], priority=0)
    page = person.see(f"/jobs?tag={person.email}")
    page.check("[aria-label='Choose all on this page']")
    page.click("text=Cancel …")
    expect(page.get_by_role("status")).to_contain_text("2 of 2 jobs would be")
    page.get_by_role("button", name="Cancel 2").click()
    expect(page.get_by_role("status")).to_contain_text("2 of 2 jobs were")


def test_a_viewer_looks_and_cannot_touch(join: Callable[..., Person]) -> None:
    person = join("viewer")
    job = person.platform.client.submit("platform.echo", {})
    job.result(timeout=60)
    page = person.see(f"/jobs/{job.id}")
    expect(page.get_by_role("button")).to_have_text(["Log out"])
    refused = person.context.request.get(f"{person.platform.url}/dashboard/submit")
    assert (refused.status, "permission_missing" in refused.text()) == (403, True)


def test_jobs_are_read_without_any_script(join: Callable[..., Person]) -> None:
    person = join("viewer", java_script_enabled=False)
    job = person.platform.client.submit("platform.echo", {"said": "hello"})
    job.result(timeout=60)
    page = person.see(f"/jobs/{job.id}")
    assert "hello" in page.inner_text("#result >> xpath=..")
    assert page.inner_text("h1 + .state") == "succeeded"
