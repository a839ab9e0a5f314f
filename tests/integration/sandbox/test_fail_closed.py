"""A layer that cannot be raised stops everything: nothing runs, and the layer is named."""

import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from core.workloads.code.sandbox.asking import Sandbox, SandboxUnavailable
from core.workloads.code.sandbox.launcher.orders import Order
from core.workloads.code.sandbox.layers import Layer
from core.workloads.code.sandbox.remedies import REMEDIES, remedy

CHECKOUT = Path(__file__).parents[3]
TAKE_AWAY = """
import ctypes, os, struct, sys
number, bits = int(sys.argv[1]), int(sys.argv[2])
step = lambda code, value, yes=0, no=0: struct.pack("=HBBI", code, yes, no, value)
code = step(0x20, 0) + step(0x15, number, 0, 4 if bits else 1)
if bits:
    code += step(0x20, 16) + step(0x45, bits, 0, 1)
code += step(0x06, 0x00050000 | 38) + (step(0x06, 0x7FFF0000) if bits else b"") + step(0x06, 0x7FFF0000)
class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(22, 2, ctypes.byref(Program(len(code) // 8, code)), 0, 0):
    sys.exit(f"no filter: {os.strerror(ctypes.get_errno())}")
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Starts a program to which one system call, or one with certain bits in its first argument, does not exist."""
MISSING = [
    ("clone", 56, 0x10000000, "namespaces"),
    ("sethostname", 170, 0, "namespaces"),
    ("mount", 165, 0, "root"),
    ("open_tree", 428, 0, "root"),
    ("mount_setattr", 442, 0, "root"),
    ("move_mount", 429, 0, "root"),
    ("pivot_root", 155, 0, "root"),
    ("umount2", 166, 0, "root"),
    ("capset", 126, 0, "capabilities"),
    ("prctl that drops from the bounding set", 157, 24, "capabilities"),
    ("landlock_create_ruleset", 444, 0, "landlock"),
    ("landlock_add_rule", 445, 0, "landlock"),
    ("landlock_restrict_self", 446, 0, "landlock"),
    ("seccomp", 317, 0, "seccomp"),
    ("prlimit64", 302, 0, "rlimits"),
]
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root may take a system call away from another program")


@needs_root
@pytest.mark.parametrize(("name", "number", "bits", "layer"), MISSING, ids=[one[0] for one in MISSING])
def test_a_missing_system_call_stops_everything(
    sandbox: Sandbox, name: str, number: int, bits: int, layer: str
) -> None:
    taking = (sys.executable, "-c", TAKE_AWAY, str(number), str(bits))
    with Sandbox(through=taking) as crippled, pytest.raises(SandboxUnavailable) as refused:
        crippled.run(Order(("/bin/echo", "RAN")))

    assert refused.value.layer == layer, refused.value.detail
    assert refused.value.detail.startswith(f"sandbox_unavailable:{layer}")
    assert refused.value.detail.endswith(REMEDIES[layer])


def test_every_layer_has_a_remedy_of_its_own() -> None:
    assert set(Layer) < set(REMEDIES)
    assert all(REMEDIES[layer] != remedy("unheard-of") for layer in Layer)
    assert {layer for layer in Layer if "PENSTOCK_SANDBOX_WITHOUT" in REMEDIES[layer]} == {Layer.CGROUP, Layer.LANDLOCK}


@needs_root
def test_the_same_launcher_with_another_call_taken_away_runs(sandbox: Sandbox) -> None:
    unused = 153  # vhangup
    with Sandbox(through=(sys.executable, "-c", TAKE_AWAY, str(unused), "0")) as whole:
        assert whole.run(Order(("/bin/echo", "RAN"))).stdout == b"RAN\n"


def test_a_program_that_is_not_there_is_said_so(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxUnavailable, match=r"sandbox_unavailable:program .*No such file"):
        sandbox.run(Order(("/usr/bin/no-such-compiler",)))


@needs_root
def test_an_ordinary_user_without_control_groups_gets_nothing_but_by_saying_so(sandbox: Sandbox) -> None:
    python, setpriv = "/usr/bin/python3", shutil.which("setpriv")
    if not Path(python).exists() or setpriv is None:
        pytest.skip("there is no interpreter that every user may run, or no setpriv")
    if not all(folder.stat().st_mode & stat.S_IXOTH for folder in CHECKOUT.parents):
        pytest.skip("the checkout lies where other users cannot read it")
    nobody = (setpriv, "--reuid=12345", "--regid=12345", "--clear-groups")
    with Sandbox(through=nobody, python=python) as ordinary:
        with pytest.raises(SandboxUnavailable, match="sandbox_unavailable:cgroup"):
            ordinary.run(Order(("/bin/echo", "RAN")))
        ending = ordinary.run(Order(("/bin/sh", "-c", "id -u; ls -d /usr /home"), without=frozenset({"cgroup"})))

    assert ending.stdout.split()[0] == b"1000"
    assert ending.stdout.split()[1:] == [b"/usr"]
