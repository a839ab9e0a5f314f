from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Person


def test_a_schedule_is_made_edited_paused_and_run(join: Callable[..., Person]) -> None:
    page = join("operator").see("/schedules")
    page.locator("#new ~ .tags").get_by_text("platform.echo").click()
    page.get_by_label("Name").fill("by hand")
    page.get_by_label("Every, seconds").fill("3600")
    page.click("text=Make the schedule")
    expect(page.get_by_role("img")).to_have_accessible_name("by hand: 24 fire times within 24 hours")
    page.get_by_label("Every, seconds").fill("")
    page.get_by_label("Cron").fill("61 * * * *")
    page.get_by_role("button", name="Change it").click()
    expect(page.locator(".field:has(#f-cron) .field-error")).to_be_visible()
    page.get_by_label("Cron").fill("0 */12 * * *")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("img")).to_have_accessible_name("by hand: 2 fire times within 24 hours")
    page.click("text=Pause")
    expect(page.locator("h1 + .state")).to_have_text("paused")
    page.click("text=Run now")
    expect(page.locator("h1")).to_have_text("platform.echo")
    page.locator("#lineage ~ .facts a").click()
    expect(page.locator("#runs ~ table")).to_contain_text("manual")
    page.get_by_text("Delete it").click()
    page.get_by_role("button", name="Delete by hand").click()
    expect(page.get_by_role("status")).to_contain_text("gone")
