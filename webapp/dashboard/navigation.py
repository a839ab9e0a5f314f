"""The navigation: which places there are, and which of them somebody may go to."""

from dataclasses import dataclass

from core.platform.access import Principal


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    label: str
    endpoint: str
    permission: str
    group: str
    """First word of the addresses below it, by which it is known as the present one."""


PLACES = (
    Place("Now", "now.show_now", "jobs:read", "now"),
    Place("Jobs", "jobs.list_jobs", "jobs:read", "jobs"),
    Place("Submit", "submitting.choose_kind", "jobs:submit", "submit"),
    Place("Schedules", "schedules.list_schedules", "schedules:read", "schedules"),
    Place("Triggers", "triggers.list_triggers", "triggers:read", "triggers"),
    Place("Webhooks", "webhooks.list_webhooks", "webhooks:read", "webhooks"),
    Place("Notifications", "notifications.list_notifications", "notifications:read", "notifications"),
    Place("Alerts", "alerts.list_alerts", "alerts:read", "alerts"),
    Place("Resilience", "resilience.show_resilience", "health:read", "resilience"),
    Place("Course", "course.list_modules", "courses:read", "course"),
    Place("Autopilot", "autopilot.show_autopilot", "customers:read", "autopilot"),
    Place("Workloads", "workloads.list_workloads", "jobs:read", "workloads"),
    Place("Admin", "admin.show_admin", "members:read", "admin"),
)


def places_for(caller: Principal | None) -> list[Place]:
    """Return the places that somebody may go to."""
    return [] if caller is None else [place for place in PLACES if caller.may(place.permission)]
