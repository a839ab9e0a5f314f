"""Browsers, as far as a test client can be one: they keep cookies and send forms with the word of the page."""

import re
from typing import Any

from flask.testing import FlaskClient

from tests.integration.web.account_world import PASSWORD, Person

_WORD = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class Browser:
    """Somebody in front of the dashboard."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def see(self, path: str, **options: Any) -> Any:
        """Open a page."""
        return self.client.get(f"/dashboard{path}", **options)

    def send(self, path: str, form: dict[str, Any], *, seen: str = "/account", word: str | None = None) -> Any:
        """Send a form, with the word of a page that was seen before."""
        if word is None:
            found = _WORD.search(self.see(seen).text)
            word = found[1] if found else ""
        return self.client.post(f"/dashboard{path}", data={"csrf": word, **form})

    def log_in(self, person: Person, **more: Any) -> Any:
        """Log in by the form."""
        return self.send("/login", {"email": person.email, "password": PASSWORD, **more}, seen="/login")

    def cookie(self, name: str) -> str | None:
        """Return a cookie's value."""
        kept = self.client.get_cookie(name, path="/dashboard")
        return None if kept is None else kept.value
