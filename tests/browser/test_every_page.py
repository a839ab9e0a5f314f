from collections.abc import Callable

from tests.browser.conftest import Person, faults

PAGES = (
    "/now",
    "/jobs",
    "/submit",
    "/submit/causal.discover",
    "/schedules",
    "/schedules/new/platform.pi",
    "/triggers",
    "/webhooks",
    "/notifications",
    "/alerts",
    "/alerts/rules/new",
    "/resilience",
    "/resilience/spending",
    "/workloads",
    "/workloads/pumping",
    "/workloads/pumping/tunnel",
    "/workloads/causal",
    "/workloads/windows",
    "/workloads/code",
    "/workloads/federated",
    "/workloads/customers",
    "/autopilot",
    "/autopilot/campaigns",
    "/course",
    "/course/lessons/the-difference-engine",
    "/course/exercises/leap",
    "/course/classes",
    "/account",
    "/nothing",
)
NARROW = {"width": 380, "height": 800}


def test_every_page_is_for_everybody_narrow_or_wide_by_day_and_night(join: Callable[..., Person]) -> None:
    person = join("admin")
    job = person.platform.client.submit("platform.pi", {"points": 1000})
    job.result(timeout=60)
    found = {}
    page = person.page()
    for path in (*PAGES, f"/jobs/{job.id}"):
        for scheme, size in (("light", {"width": 1280, "height": 800}), ("dark", NARROW)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the literals it takes
            page.set_viewport_size(size)  # type: ignore[arg-type]  # the dictionary it takes
            person.see(path, page)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            told = [*faults(page), *(["it has to be scrolled sideways"] if wide > 0 else [])]
            if told:
                found[path, scheme] = told
    assert found == {}


def test_the_login_is_for_everybody(join: Callable[..., Person]) -> None:
    person = join("viewer", logged_in=False)
    assert faults(person.see("/login")) == []


def test_the_keyboard_reaches_everything_in_order(join: Callable[..., Person]) -> None:
    page = join("operator").see("/jobs")
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.name"))
    assert reached[0] == "Skip to the content"
    assert [word for word in reached if word in {"Now", "Jobs", "Submit", "Log out"}][:3] == ["Now", "Jobs", "Submit"]
