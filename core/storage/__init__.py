"""Where artifacts' bytes lie: one file for each sort of place, found by the scheme of its URL."""

from core.storage.base import Storage, StorageUnavailable, StorageUnknown, Stored, TooLarge
from core.storage.opening import open_storage

__all__ = ["Storage", "StorageUnavailable", "StorageUnknown", "Stored", "TooLarge", "open_storage"]
