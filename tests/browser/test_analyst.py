"""An analyst in five clicks: a messy file is refused with a report, mended, read, and its causes are shown."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Person, faults
from tests.messy_files import MENDED, MESSY, write


def upload(page: Page, file: Path, drop: str, constant: str) -> None:
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("Columns to leave out").fill(drop)
    page.get_by_label("Columns that never vary").select_option(constant)
    page.get_by_role("button", name="Read it").click()


def test_from_a_messy_file_to_a_graph_in_five_clicks(join: Callable[..., Person], tmp_path: Path) -> None:
    person, file = join("submitter"), tmp_path / "readings.csv"
    page = person.see("/workloads/windows")
    assert faults(page) == []
    write(file, MESSY)
    upload(page, file, "time", "keep")
    expect(page.locator("h1 + .state")).to_have_text("failed", timeout=120_000)
    expect(page.locator("#outcome")).to_contain_text("line 1, column 4: the column has no name")
    expect(page.locator("#outcome")).to_contain_text("the name 'level' is given twice")

    write(file, MENDED)
    upload(person.see("/workloads/windows", page), file, "time", "keep")
    expect(page.locator("h1 + .state")).to_have_text("succeeded", timeout=120_000)
    expect(page.locator("#outcome")).to_contain_text("always 9; drop: ['flag'], or constant: 'drop'")
    expect(page.get_by_role("button", name="Find causes")).to_have_count(0)
    assert faults(page) == []

    upload(person.see("/workloads/windows", page), file, "time,spare", "drop")
    expect(page.locator("h1 + .state")).to_have_text("succeeded", timeout=120_000)
    expect(page.locator("#outcome")).to_contain_text("500 rows of 3 variables")
    page.get_by_role("button", name="Find causes").click()
    expect(page.locator("h1 + .state")).to_have_text("succeeded", timeout=240_000)
    expect(page.locator("[data-graph] canvas")).to_be_visible()
    expect(page.locator(".edges tbody tr:visible")).to_have_count(2)
    expect(page.locator(".gallery img").first).to_be_visible()
    assert faults(page) == []


def test_whoever_may_only_read_is_offered_no_upload(join: Callable[..., Person]) -> None:
    expect(join("viewer").see("/workloads/windows").get_by_role("button", name="Read it")).to_have_count(0)
