"""Finding the storage that a URL names: its scheme is the name of the module that knows it."""

import importlib
import pkgutil
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from core.storage.base import Storage, StorageUnknown

_APART = {"base", "opening"}


def open_storage(url: str) -> Storage:
    """Make the storage that a URL names; nothing is reached before its first use.

    Raises `StorageUnknown`. Only the one member is imported: the client libraries of others are not for free.
    """
    try:
        parsed = urlsplit(url)
    except ValueError as error:
        raise StorageUnknown(f"PENSTOCK_STORAGE_URL: {error}") from error
    if parsed.scheme not in schemes():
        raise StorageUnknown(f"PENSTOCK_STORAGE_URL must begin with one of {', '.join(sorted(schemes()))}: {url!r}")
    return cast("Storage", importlib.import_module(f"core.storage.{parsed.scheme}").open_url(parsed))


def schemes() -> set[str]:
    """Return the schemes of all members; a module with an underscore is part of one, for no scheme has any."""
    names = {module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])}
    return {name for name in names - _APART if "_" not in name}
