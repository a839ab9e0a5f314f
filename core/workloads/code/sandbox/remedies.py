"""What a host needs so that a layer of the sandbox can be raised: told to the operator wherever one is missing."""

from core.workloads.code.sandbox.layers import Layer

_UP_TO_A_KERNEL = "use a kernel of 5.13 or later"
_LET_CONTAINER = "in a container, let its seccomp profile allow"
REMEDIES: dict[str, str] = {
    Layer.CGROUP: "give workers a control group that they may write, with the controllers memory and pids: under"
    " systemd set Delegate=yes for their service, in a container mount /sys/fs/cgroup writable; or do without it by"
    " PENSTOCK_SANDBOX_WITHOUT=cgroup",
    Layer.NAMESPACES: "allow user namespaces: sysctl user.max_user_namespaces=15000, and where they exist"
    " kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0;"
    f" {_LET_CONTAINER} clone and unshare",
    Layer.ROOT: f"{_UP_TO_A_KERNEL}; {_LET_CONTAINER} mount, umount2, pivot_root, open_tree, move_mount and"
    " mount_setattr; toolchains must lie where every user may read them, such as in /usr",
    Layer.RLIMITS: "raise the hard limits of the workers' service: LimitNPROC, LimitNOFILE, LimitSTACK and LimitFSIZE"
    f" to infinity; {_LET_CONTAINER} prlimit64",
    Layer.CAPABILITIES: f"{_LET_CONTAINER} capset and prctl",
    Layer.NO_NEW_PRIVILEGES: f"{_LET_CONTAINER} prctl",
    Layer.LANDLOCK: f"{_UP_TO_A_KERNEL} that is built with CONFIG_SECURITY_LANDLOCK and started with landlock among"
    " lsm=…; or do without it by PENSTOCK_SANDBOX_WITHOUT=landlock",
    Layer.SECCOMP: "use an x86-64 machine and a kernel that is built with CONFIG_SECCOMP_FILTER",
    "program": "install the toolchain anew: it was found when the worker looked, and is gone",
    "launcher": "look into the worker's log; the launcher needs nothing but this Python and its standard library",
}
"""By layer, and by what else the launcher may report as missing."""
OTHERWISE = "look into the worker's log"


def remedy(layer: str) -> str:
    """Say what an operator does about a layer that is missing."""
    return REMEDIES.get(layer, OTHERWISE)
