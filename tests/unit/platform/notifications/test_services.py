"""Which addresses may be channels, and what of them is secret."""

import apprise
import pytest

from core.platform.notifications.messenger import secrets_in
from core.platform.notifications.services import LONGEST, SERVICES, flaw_in, service_of


@pytest.mark.parametrize("url", ["mailto://user:pass@example.org", "slack://a/b/c", "jsons://example.org", "JSON://a"])
def test_services_that_reach_people_are_fine(url: str) -> None:
    assert flaw_in(url) is None


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.org", "https://example.org", "file:///etc/passwd", "syslog://", "dbus://", "macosx://"),
        *("windows://", "gnome://", "kodi://host", "exec://sh", "json://exa mple.org", "json://ä.org"),
        f"json://{'x' * LONGEST}",
    ],
)
def test_others_are_refused(url: str) -> None:
    assert flaw_in(url) is not None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # some plugins warn under older versions of Python
def test_apprise_has_all_these_services() -> None:
    known: set[str] = set()
    for plugin in apprise.Apprise().details()["schemas"]:
        known |= {*(plugin["protocols"] or ()), *(plugin["secure_protocols"] or ())}
    assert sorted(SERVICES - known) == []


def test_tokens_and_passwords_are_secret_and_hosts_of_ones_own_are_not() -> None:
    words = secrets_in("mailtos://user:password@mail.example.org?to=ada@example.org")
    assert {"password", "user:password"} <= words
    assert "mail.example.org" not in words
    assert "T0000TOKEN" in secrets_in("slack://T0000TOKEN/B0000TOKEN/secret-token")
    assert service_of("Slack://x") == "slack"
