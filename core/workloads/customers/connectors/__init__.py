"""What Penstock can be connected to: advertising platforms and CRMs, a file for each over `base.py`."""

import importlib
import pkgutil

from core.workloads.customers.connectors.base import Connector


def all_connectors() -> dict[str, Connector]:
    """Return every connector by name, found by where its file lies."""
    names = sorted(one.name for one in pkgutil.iter_modules(__path__) if not one.ispkg and one.name != "base")
    return {name: importlib.import_module(f"{__name__}.{name}").CONNECTOR for name in names}


CONNECTORS = all_connectors()
