"""Which tests the processes of a run are given together, and in which order."""

from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]  # a library without annotations

QUICK = ("tests/architecture", "tests/conformance", "tests/integration", "tests/unit")
"""Where no test alone lasts long enough to keep another process waiting at the end."""


class Units(LoadGroupScheduling):  # type: ignore[misc]  # the same
    """Hands out tests that share a platform together, slow ones singly, and the many quick ones by their files.

    So a file's fixtures are made in one process, and the handing out of thousands of tests costs nothing. The order is
    that of the folders, which have long tests first and end with short ones.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        grouped = "@" in nodeid.rpartition("]")[2]
        return str(super()._split_scope(nodeid)) if grouped or not path.startswith(QUICK) else path
