"""Members who log in over HTTP."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

PASSWORD = "correct horse battery staple"


@dataclass
class Person:
    """A member who has chosen a password."""

    client: FlaskClient
    id: str
    email: str

    def log_in(self, *, password: str = PASSWORD, **more: Any) -> Any:
        return self.client.post("/api/v1/auth/login", json={"email": self.email, "password": password, **more})

    def tokens(self, **more: Any) -> dict[str, Any]:
        answer = self.log_in(**more)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def refresh(self, token: str) -> Any:
        return self.client.post("/api/v1/auth/refresh", json={"refresh_token": token})

    def ask(self, method: str, path: str, access_token: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {access_token}"}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)


def invited(admin: FlaskClient, stranger: FlaskClient, *, role: str = "submitter") -> tuple[Person, str]:
    """Make an account; return its owner and the password to begin with."""
    email = f"{uuid.uuid4().hex[:12]}@example.org"
    answer = admin.post("/api/v1/members", json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    return Person(stranger, answer.get_json()["id"], email), answer.get_json()["password"]


def joined(admin: FlaskClient, stranger: FlaskClient, *, role: str = "submitter") -> Person:
    """Make an account whose owner has logged in once and chosen a password."""
    person, given = invited(admin, stranger, role=role)
    assert person.log_in(password=given, new_password=PASSWORD).status_code == 200
    return person
