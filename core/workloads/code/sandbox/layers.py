"""The walls around a stranger's program; each is required unless the operator gives it up by name."""

from enum import StrEnum


class Layer(StrEnum):
    """One wall. In the order in which they are raised."""

    CGROUP = "cgroup"
    """Memory and processes of the whole tree are counted together, and it is killed at once."""
    NAMESPACES = "namespaces"
    """Users, processes, network, System V objects and host name of its own."""
    ROOT = "root"
    """A read-only file system of its own with nothing but the toolchain in it (pivot_root)."""
    RLIMITS = "rlimits"
    """Processor time, file size, open files, core dumps of each process."""
    CAPABILITIES = "capabilities"
    """No capability is left, not even within its own namespaces, nor can one be regained."""
    NO_NEW_PRIVILEGES = "no_new_privileges"
    """No set-user-id program makes it more than it is."""
    LANDLOCK = "landlock"
    """Writing only into its own folders, no TCP, no signal out of its domain: a second belt around the first three."""
    SECCOMP = "seccomp"
    """System calls that no toolchain needs are refused; there are no sockets at all."""


ALL = frozenset(Layer)
