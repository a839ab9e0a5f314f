"""The secrets that a data folder generates once and keeps: server passwords, the platform's key, Flower's login."""

import json
import secrets
from dataclasses import asdict, dataclass, fields

from core.platform.servers.folder import DataFolder, FolderUnusable, write_private


@dataclass(frozen=True, slots=True)
class Credentials:
    """Generated values; URL-safe, so that they may stand in a URL unquoted."""

    postgres_password: str
    redis_password: str
    secret_key: str
    flower_password: str


def load_credentials(folder: DataFolder) -> Credentials:
    """Read the folder's secrets, generating those that are missing; those that exist never change."""
    names = [field.name for field in fields(Credentials)]
    kept = _read(folder)
    if all(name in kept for name in names):
        return Credentials(**{name: kept[name] for name in names})
    made = Credentials(**{name: kept.get(name) or secrets.token_urlsafe(32) for name in names})
    write_private(folder.credentials, json.dumps({**kept, **asdict(made)}, indent=2))
    return made


def _read(folder: DataFolder) -> dict[str, str]:
    try:
        content = json.loads(folder.credentials.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise FolderUnusable(f"{folder.credentials} cannot be read: {error}.") from error
    return {str(name): str(value) for name, value in content.items()}
