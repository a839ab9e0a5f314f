"""Copies of server binaries where the server account can reach them, made once for each version.

Root's virtual environment may lie below a folder closed to everybody else, and ancestors are not ours to open.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from core.platform.servers.base import Candidate


def mirror(name: str, candidate: Candidate, mirrors: Path) -> Path:
    """Return the executable's copy inside a world-readable copy of all its parts; raises OSError if none can be made.

    The copy appears in one rename, so that two platforms may make it at once and neither sees half of it.
    """
    target = mirrors / f"{name}-{_digest(candidate)}"
    if not target.is_dir():
        mirrors.mkdir(mode=0o755, parents=True, exist_ok=True)
        _copy(candidate, target)
    _verify(target)
    return target / candidate.executable.relative_to(candidate.base)


def _copy(candidate: Candidate, target: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        tree = draft / "tree"
        for part in _parts(candidate):
            shutil.copytree(candidate.base / part, tree / part, symlinks=True)
        _open_to_all(tree)
        try:
            tree.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(draft)


def _open_to_all(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for file in (Path(folder, name) for name in files):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)


def _verify(target: Path) -> None:
    """Refuse a copy that anybody but the one who runs this could have put there or changed."""
    for path in (target.parent, target):
        status = path.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
            raise PermissionError(f"{path} belongs to or can be written by somebody else")


def _digest(candidate: Candidate) -> str:
    digest = hashlib.sha256(candidate.executable.read_bytes())
    for part in _parts(candidate):
        for path in sorted(path for path in (candidate.base / part).rglob("*") if path.is_file()):
            digest.update(f"{path.relative_to(candidate.base)}\0{path.stat().st_size}\n".encode())
    return digest.hexdigest()[:16]


def _parts(candidate: Candidate) -> list[str]:
    return [part for part in candidate.parts if (candidate.base / part).is_dir()]
