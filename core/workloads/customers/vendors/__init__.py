"""How each advertising platform wants its customers' data written: a file for each, over `base.py`."""

import importlib
import pkgutil

from core.workloads.customers.vendors.base import Vendor


def all_vendors() -> dict[str, Vendor]:
    """Return every vendor by name, found by where its file lies."""
    names = sorted(one.name for one in pkgutil.iter_modules(__path__) if one.name != "base")
    return {name: importlib.import_module(f"{__name__}.{name}").VENDOR for name in names}


VENDORS = all_vendors()
