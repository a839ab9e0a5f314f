"""Whether any locked dependency is known to be vulnerable, where somebody can be asked who knows."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from webapp.cli._checkout import script

_LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)(?:\s*;\s*([^\\\n]+))?", re.MULTILINE)
_UNKNOWN = "could not be audited"
_WITHIN_S = 60.0


def main(lock: str) -> int:
    """Audit a lock file; 0 when nothing is known against it, or nobody can be asked."""
    pins = pinned(Path(lock).read_text())
    if not answers(pins[:1]):
        sys.stdout.write("skipped: no source of advisories can be reached\n")
        return 0
    ended = _audit(pins)
    sys.stdout.write(ended.stdout + ended.stderr)
    return ended.returncode


def pinned(lock: str) -> list[str]:
    """Return the requirements of a lock file, without their hashes."""
    found = _LOCKED.findall(lock)
    return [f"{name}=={version}{' ; ' + marker.strip() if marker.strip() else ''}" for name, version, marker in found]


def answers(pins: list[str]) -> bool:
    """Tell whether the source of advisories can be reached and knows one of them, before it is asked about all."""
    try:
        ended = _audit(pins)
    except subprocess.TimeoutExpired:
        return False
    said = ended.stdout + ended.stderr
    return _UNKNOWN not in said and ("No known vulnerabilities" in said or "Found " in said)


def _audit(pins: list[str]) -> subprocess.CompletedProcess[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(pins) + "\n")
        file.flush()
        argv = (script("pip-audit"), "--disable-pip", "--no-deps", "--progress-spinner", "off", "--timeout", "5")
        return subprocess.run(  # noqa: S603 - our own tool on our own lock
            [*argv, "-r", file.name], capture_output=True, text=True, timeout=_WITHIN_S, check=False
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
