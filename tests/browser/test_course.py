"""The course in a browser: a lesson's program is run, an exercise handed in and graded, a teacher sees the class."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Person, faults

PROGRAM = "        RDN A\n        RDN B\n        ADD A, A, B\n        PRN A\n        HLT #0\n"


def test_a_student_reads_runs_and_hands_in(join: Callable[..., Person]) -> None:
    student, teacher = join("submitter"), join("operator")
    page = student.see("/course/lessons/store-and-mill")
    page.get_by_role("button", name="Run it on the Engine").first.click()
    expect(page.locator("h1 + .state")).to_have_text("succeeded", timeout=120_000)
    expect(page.locator("#outcome")).to_contain_text("1219326311370217952237463801111263526900")
    student.see("/course/exercises/two-numbers", page)
    page.get_by_label("Language").select_option("assembly")
    page.get_by_label("Program").fill(PROGRAM)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", name="5 of 5 points")).to_be_visible(timeout=120_000)
    assert faults(page) == []
    student.see("/course", page)
    expect(page.locator(".state.accepted")).to_have_count(1)
    taught = teacher.see("/course/classes")
    taught.get_by_label("Name of a new class").fill(f"class of {student.email}")
    taught.get_by_role("button", name="Make it").click()
    expect(taught.get_by_role("heading", name=f"class of {student.email}")).to_be_visible()
    told = student.platform.client.collection("members")
    student_id = next(one["id"] for one in told if one["email"] == student.email)
    taught.get_by_label("Id of a member or key").fill(student_id)
    taught.get_by_label("What you call them").fill("ada")
    taught.get_by_role("button", name="Put into the class").click()
    expect(taught.locator("#students ~ table tbody tr")).to_contain_text("ada")
    expect(taught.locator("#exercises ~ table tbody tr")).to_contain_text("1 of 1")
    assert faults(taught) == []
