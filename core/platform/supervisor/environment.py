"""What the children of a platform find in their environment."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.platform.servers.credentials import Credentials
from core.platform.servers.embedded import Placement
from core.platform.servers.folder import DataFolder

FLOWER_USER = "penstock"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the platform listens."""

    web: int
    stream: int
    flower: int


def platform_environ(
    outer: Mapping[str, str],
    folder: DataFolder,
    secrets: Credentials,
    placements: Sequence[Placement],
    ports: Ports,
) -> dict[str, str]:
    """Return what all children share; a setting of the caller's own stays unless the platform decides it."""
    return {
        "PENSTOCK_STORAGE_URL": f"file://{folder.artifacts}",
        "PENSTOCK_SECRET_KEY": secrets.secret_key,
        **outer,
        **{placement.server.variable: placement.url for placement in placements},
        "PATH": f"{Path(sys.executable).parent}:{outer.get('PATH', '/usr/local/bin:/usr/bin:/bin')}",
        "PYTHONUNBUFFERED": "1",
        "PENSTOCK_DATA_DIR": str(folder.root),
        "PENSTOCK_PORT": str(ports.web),
        "PENSTOCK_STREAM_PORT": str(ports.stream),
        "PENSTOCK_FLOWER_PORT": str(ports.flower),
        "PENSTOCK_FLOWER_USER": FLOWER_USER,
        "PENSTOCK_FLOWER_PASSWORD": secrets.flower_password,
        "FLOWER_BASIC_AUTH": f"{FLOWER_USER}:{secrets.flower_password}",
    }


def ready_file(folder: DataFolder, name: str) -> Path:
    """Name the file by which a process says that it is ready."""
    return folder.run / f"{name}.ready"


def child_environ(shared: Mapping[str, str], folder: DataFolder, name: str) -> dict[str, str]:
    """Add what one child alone gets."""
    return {**shared, "PENSTOCK_READY_FILE": str(ready_file(folder, name))}
