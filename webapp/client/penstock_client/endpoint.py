"""Where the platform is: told, in the environment, or in the file that a running platform writes."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from penstock_client.errors import EndpointUnknown


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Address and key of a platform."""

    url: str
    api_key: str = field(repr=False)


def find_endpoint(
    url: str | None = None,
    api_key: str | None = None,
    *,
    data_dir: str | os.PathLike[str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Endpoint:
    """Return where to go; raises `EndpointUnknown` with what to do.

    An explicit URL or data folder comes before the environment, the environment before the platform of this machine.
    A key is never sent to another address than the one it was given with.
    """
    if url is None and data_dir is None:
        url = environ.get("PENSTOCK_URL") or None
    if url is not None:
        return Endpoint(url.rstrip("/"), api_key or environ.get("PENSTOCK_API_KEY", ""))
    path = endpoint_file(data_dir, environ)
    try:
        written = json.loads(path.read_text())
        return Endpoint(written["url"], api_key or written["api_key"])
    except FileNotFoundError:
        raise EndpointUnknown(
            f"No platform runs on {path.parent.parent}. Start one with `penstock up`, or say where it is: "
            "--data-dir or PENSTOCK_DATA_DIR, or --url and --api-key, or PENSTOCK_URL and PENSTOCK_API_KEY."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EndpointUnknown(f"{path} cannot be read: {error}") from error


def endpoint_file(data_dir: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> Path:
    """Name the file that a platform with this data folder writes when it is ready."""
    return _data_folder(data_dir, environ) / "run" / "endpoint.json"


def _data_folder(data_dir: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> Path:
    named = data_dir or environ.get("PENSTOCK_DATA_DIR")
    if named:
        return Path(named).absolute()
    state = Path(environ.get("XDG_STATE_HOME", ""))
    home = Path(environ.get("HOME") or "~").expanduser()
    return (state if state.is_absolute() else home / ".local" / "state") / "penstock"
