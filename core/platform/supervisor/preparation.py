"""The one step between servers and processes: migrate, make the local admin key, hand it to the supervisor.

It runs as a process of its own, so that the supervisor never carries what it imports.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

from core.errors import PenstockError
from core.platform.servers.folder import write_private


def main(target: str) -> None:
    """Call `module:function(environ, data_dir)` and leave the key it returns in the ready file."""
    module, _, function = target.partition(":")
    prepare = getattr(import_module(module), function)
    try:
        key = prepare(os.environ, Path(os.environ["PENSTOCK_DATA_DIR"]))
    except PenstockError as error:
        sys.exit(error.detail)
    write_private(Path(os.environ["PENSTOCK_READY_FILE"]), key)


if __name__ == "__main__":
    main(sys.argv[1])
