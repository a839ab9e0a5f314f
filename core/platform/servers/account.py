"""The unprivileged account that servers run under when the platform is started by root."""

import os
import pwd
from dataclasses import dataclass
from typing import TypedDict

from core.errors import Missing

CANDIDATES = ("postgres", "nobody")


class AccountMissing(Missing):
    """Root needs an unprivileged account to run servers under."""

    code = "server_account_missing"


class Identity(TypedDict, total=False):
    """What `subprocess` wants to know to change the user of a child."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A user that exists; `None` in its place means: whoever runs the platform."""

    name: str
    uid: int
    gid: int


def server_account(uid: int | None = None) -> Account | None:
    """Return the account to drop to, `None` for an ordinary user, who keeps its own."""
    if (os.getuid() if uid is None else uid) != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise AccountMissing(
        f"Postgres refuses root, and none of {', '.join(CANDIDATES)} exists: useradd --system postgres"
    )


def identity(account: Account | None) -> Identity:
    """Return the `subprocess` arguments that make a child run as the account, without root's other groups."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def own(path: os.PathLike[str], account: Account | None) -> None:
    """Give a file or folder of the platform's to the account; ancestors stay as they are."""
    if account is not None:
        os.chown(path, account.uid, account.gid)
