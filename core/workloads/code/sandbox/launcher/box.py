"""The box: a file system with the toolchain to read, two small folders to write, and nothing else of the host."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from core.workloads.code.sandbox.launcher import kernel
from core.workloads.code.sandbox.launcher.orders import Limits

HOME = "/box"
SCRATCH = "/tmp"  # noqa: S108 - of the box, where nobody else is
ALWAYS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
"""What every toolchain needs; where the host has links in these places, the box has the same links."""
SETTINGS = ("/etc/alternatives", "/etc/ld.so.cache")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
MOST_COLLECTED = 500
"""Files of one ending that are collected at most."""
_BASE = "/tmp"  # noqa: S108 - only a place to mount on, hidden from then on
_OLD = "/old"


def build(folders: Iterable[str], files: Mapping[str, bytes], limits: Limits) -> None:
    """Build the box in a mount namespace of this process's own, move into it, and let the host's files go."""
    kernel.make_private()
    links = {path: Path(path).readlink() for path in ALWAYS if Path(path).is_symlink()}
    seen = [path for path in dict.fromkeys((*ALWAYS, *SETTINGS, *DEVICES)) if Path(path).exists()]
    trees = [(path, *_copied(path)) for path in dict.fromkeys((*seen, *folders)) if path not in links]
    kernel.mount("tmpfs", _BASE, kernel.MS_NOSUID, "size=1m,nr_inodes=4096,mode=0755")
    for path, tree, is_folder in trees:
        _make_place(_BASE + path, is_folder=is_folder)
        kernel.attach_mount(tree, _BASE + path)
        os.close(tree)
    for path, target in links.items():
        Path(_BASE + path).symlink_to(target)
    size = f"size={limits.disk_mib}m,nr_inodes={limits.files},mode=0755"
    for place, flags in ((HOME, 0), (SCRATCH, kernel.MS_NOEXEC)):
        _make_place(_BASE + place, is_folder=True)
        kernel.mount("tmpfs", _BASE + place, kernel.MS_NOSUID | kernel.MS_NODEV | flags, size)
    _make_place(_BASE + "/proc", is_folder=True)
    kernel.mount("proc", _BASE + "/proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC, "hidepid=2,subset=pid")
    fill(_BASE + HOME, files)
    _move_in()


def fill(folder: str, files: Mapping[str, bytes]) -> None:
    """Write files into an empty folder, and nowhere else, whatever they are called."""
    for name, content in files.items():
        if "/" in name or name in {"", ".", ".."}:
            raise ValueError(f"not a file name: {name!r}")
        opened = os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o755)
        with os.fdopen(opened, "wb") as file:
            file.write(content)


def collect(names: Iterable[str], limit: int, home: str = HOME) -> dict[str, bytes]:
    """Read wanted files that are really files, following no link, at most so many bytes in all.

    A name `*.x` stands for all that end so; which these are the program in the box decided, so there is an end to them.
    """
    found = {}
    for name in _listed(names, home):
        try:
            opened = os.open(f"{home}/{name}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            continue
        with os.fdopen(opened, "rb") as file:
            if stat.S_ISREG(os.fstat(opened).st_mode):
                content = file.read(limit + 1)
                if len(content) <= limit:
                    found[name] = content
                    limit -= len(content)
    return found


def _listed(names: Iterable[str], home: str) -> Iterator[str]:
    for name in names:
        if name.startswith("*"):
            yield from sorted(one.name for one in Path(home).iterdir() if one.name.endswith(name[1:]))[:MOST_COLLECTED]
        else:
            yield name


def _copied(path: str) -> tuple[int, bool]:
    """Open a copy of what lies at a path, to be read only unless it is a device, and tell whether it is a folder."""
    source = os.open(path, os.O_PATH | os.O_CLOEXEC)
    tree = kernel.clone_mount(source)
    of_device = 0 if path in DEVICES else kernel.MOUNT_ATTR_RDONLY | kernel.MOUNT_ATTR_NODEV
    kernel.restrict_mount(tree, kernel.MOUNT_ATTR_NOSUID | of_device)
    is_folder = stat.S_ISDIR(os.fstat(source).st_mode)
    os.close(source)
    return tree, is_folder


def _make_place(path: str, *, is_folder: bool) -> None:
    place = Path(path)
    (place if is_folder else place.parent).mkdir(parents=True, exist_ok=True)
    if not is_folder:
        place.touch()


def _move_in() -> None:
    Path(_BASE + _OLD).mkdir()
    kernel.pivot_root(_BASE, _BASE + _OLD)
    os.chdir("/")
    kernel.unmount(_OLD)
    Path(_OLD).rmdir()
    kernel.remount_read_only("/")
