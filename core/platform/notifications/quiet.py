"""Quiet hours: when a rule's messages are kept until the next morning."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

CRITICAL = 2


def quiet_until(now: datetime, quiet_from: time | None, quiet_to: time | None, timezone: str) -> datetime | None:
    """Return when the quiet hours end that `now` lies in, by the clock on the wall there; None outside of them.

    From 22:00 to 07:00 goes over midnight; equal times are quiet all day, until that time comes again.
    """
    if quiet_from is None or quiet_to is None:
        return None
    zone = ZoneInfo(timezone)
    local = now.astimezone(zone)
    wall = local.time()
    within = quiet_from <= wall < quiet_to if quiet_from < quiet_to else wall >= quiet_from or wall < quiet_to
    if not within:
        return None
    day = local.date() if wall < quiet_to else local.date() + timedelta(days=1)
    return datetime.combine(day, quiet_to, zone).astimezone(UTC)
