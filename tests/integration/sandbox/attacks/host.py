"""Getting out: at files, processes and privileges of the host."""

from core.workloads.code.sandbox.launcher.orders import Limits
from core.workloads.code.sandbox.layers import Layer
from tests.integration.sandbox.attacks.base import NO_WALLS_AROUND, Attack, walls

HOST = [
    Attack("the host's users", "print(open('/etc/passwd').read() and 'BROKE')", walls(Layer.ROOT, Layer.LANDLOCK)),
    Attack(
        "the host's users, by way of its own folder",
        "print(open('../../../../../etc/passwd').read() and 'BROKE')",
        walls(Layer.ROOT, Layer.LANDLOCK),
    ),
    Attack(
        "a folder of the host that all may write",
        "import os\nname = '/var/tmp/penstock-attack'\nopen(name, 'w').close()\nos.unlink(name)\nprint('BROKE')",
        walls(Layer.ROOT, Layer.LANDLOCK),
    ),
    Attack(
        "other processes",
        "import os\nprint('BROKE' if sum(name.isdecimal() for name in os.listdir('/proc')) > 8 else '')",
        NO_WALLS_AROUND,
    ),
    Attack(
        "the kernel's own figures",
        "print('BROKE' if open('/proc/cmdline').read() else '')",
        walls(Layer.ROOT),
    ),
    Attack(
        "a link to a file of the host, to be collected",
        "import os\nos.symlink('/etc/passwd', 'out')",
        walls(),
        lambda ending: bool(ending.collected),
        collect=("out",),
    ),
    Attack(
        "running what it wrote for a moment",
        "import os, shutil, subprocess\nname = f'/tmp/penstock-attack-{os.getpid()}'\nshutil.copy('/bin/true', name)\n"
        "try:\n    subprocess.run([name], check=True)\n    print('BROKE')\nfinally:\n    os.unlink(name)",
        walls(Layer.ROOT, Layer.LANDLOCK),
    ),
    Attack(
        "a user namespace of its own",
        "import ctypes\nprint('BROKE' if ctypes.CDLL(None).unshare(0x10000000) == 0 else '')",
        walls(Layer.SECCOMP),
    ),
    Attack(
        "a mount of its own",
        "import ctypes\nc = ctypes.CDLL(None)\nc.unshare(0x10020000)\n"
        "print('BROKE' if c.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0 else '')",
        walls(Layer.SECCOMP, Layer.LANDLOCK),
    ),
    Attack(
        "another root",
        "import ctypes, os\nctypes.CDLL(None).unshare(0x10000000)\nos.chroot('/tmp')\nprint('BROKE')",
        walls(Layer.SECCOMP),
    ),
    Attack(
        "another's name of the host",
        "import ctypes\nc = ctypes.CDLL(None)\nc.unshare(0x14000000)\n"
        "print('BROKE' if c.sethostname(b'mine', 4) == 0 else '')",
        walls(Layer.SECCOMP),
    ),
    Attack(
        "stopping who watches it",
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGSTOP)\ntime.sleep(0.1)",
        NO_WALLS_AROUND | {Layer.LANDLOCK},
        lambda ending: ending.limit == "wall",
        Limits(wall_s=2.0),
    ),
    Attack(
        "forging its own ending",
        "import os\nfor fd in range(3, 64):\n"
        "    try: os.write(fd, b'{\"exit_code\": 0}\\n')\n    except OSError: pass\n"
        "raise SystemExit(7)",
        walls(),
        lambda ending: ending.exit_code != 7,
    ),
    Attack(
        "the platform's environment",
        "import os\nprint('BROKE' if any('PENSTOCK' in name or 'URL' in name for name in os.environ) else '')",
        walls(),
    ),
    Attack(
        "gaining privileges",
        "print('BROKE' if 'NoNewPrivs:\\t0' in open('/proc/self/status').read() else '')",
        # Without it neither of the other two may be raised by an ordinary user.
        walls(Layer.NO_NEW_PRIVILEGES, Layer.LANDLOCK, Layer.SECCOMP),
    ),
    Attack(
        "regaining a capability",
        "lines = open('/proc/self/status').read().splitlines()\n"
        "print('BROKE' if next(line for line in lines if line.startswith('CapBnd')).strip('CapBnd:\\t0') else '')",
        walls(Layer.CAPABILITIES),
    ),
]
