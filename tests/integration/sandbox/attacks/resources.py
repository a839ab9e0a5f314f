"""Taking too much."""

from core.workloads.code.sandbox.launcher.orders import Limits
from core.workloads.code.sandbox.layers import Layer
from tests.integration.sandbox.attacks.base import SMALL, Attack, not_held_by, walls

RESOURCES = [
    Attack(
        "processor",
        "while True: pass",
        walls(Layer.RLIMITS),
        not_held_by("cpu"),
        Limits(wall_s=60, cpu_s=1),
        Limits(wall_s=2.5, cpu_s=1),
    ),
    Attack(
        "processor, deaf to the signal",
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
        walls(Layer.RLIMITS),
        not_held_by("cpu"),
        Limits(wall_s=60, cpu_s=1),
        Limits(wall_s=3.5, cpu_s=1),
    ),
    Attack("sleep", "import time\ntime.sleep(1.2)\nprint('BROKE')", walls(), limits=Limits(wall_s=0.6), loosened=SMALL),
    Attack(
        "sleep, deaf to every signal",
        "import signal, time\n"
        "for n in range(1, 65):\n"
        "    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "time.sleep(1.2)\nprint('BROKE')",
        walls(),
        limits=Limits(wall_s=0.6),
        loosened=SMALL,
    ),
    Attack(
        "processor of many children",
        "import os, time\n"
        "for _ in range(4):\n    if not os.fork():\n        while True: pass\n"
        "time.sleep(1.2)\nprint('BROKE')",
        walls(),
        limits=Limits(wall_s=0.7, cpu_s=1),
        loosened=SMALL,
    ),
    Attack(
        "processes",
        "import os, time\nmade = 0\n"
        "try:\n    while made < 60:\n        if not os.fork():\n            time.sleep(5)\n            os._exit(0)\n"
        "        made += 1\nexcept OSError: pass\nprint('BROKE' if made == 60 else made)",
        walls(Layer.RLIMITS, Layer.CGROUP),
    ),
    Attack(
        "threads",
        "import threading\nwait = threading.Event()\nmade = 0\n"
        "try:\n    while made < 60:\n        threading.Thread(target=wait.wait, daemon=True).start()\n"
        "        made += 1\n"
        "except RuntimeError: pass\nprint('BROKE' if made == 60 else made)",
        walls(Layer.RLIMITS, Layer.CGROUP),
    ),
    Attack("memory", "kept = b'x' * (200 << 20)\nprint('BROKE')", walls(Layer.CGROUP)),
    Attack(
        "memory of all children together",
        "import os\nreader, writer = os.pipe()\n"
        "for _ in range(4):\n    if not os.fork():\n        kept = b'x' * (40 << 20)\n        os.write(writer, b'!')\n"
        "        import time; time.sleep(20)\n"
        "os.close(writer)\ngot = 0\nwhile got < 4:\n    part = os.read(reader, 4)\n    if not part: break\n"
        "    got += len(part)\nprint('BROKE' if got == 4 else got, flush=True)\nos.kill(0, 9)",
        walls(Layer.CGROUP),
    ),
    Attack(
        "memory without a file",
        "import os\nfd = os.memfd_create('x')\nprint('BROKE')",
        walls(Layer.SECCOMP),
    ),
    Attack(
        "disk",
        "made = 0\ntry:\n    for n in range(6):\n"
        "        with open(f'file{n}', 'wb') as file: file.write(b'x' * (4 << 20))\n"
        "        made += 1\nexcept OSError: pass\nprint('BROKE' if made == 6 else made)",
        walls(Layer.ROOT),
    ),
    Attack(
        "disk for temporary files",
        "import tempfile\nkept = []\ntry:\n    for n in range(6):\n        kept.append(tempfile.TemporaryFile())\n"
        "        kept[-1].write(b'x' * (4 << 20))\n        kept[-1].flush()\nexcept OSError: pass\n"
        "print('BROKE' if len(kept) == 6 else len(kept))",
        walls(Layer.ROOT),
    ),
    Attack(
        "a file of a terabyte with nothing in it",
        "import os, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with open('sparse', 'wb') as file:\n    os.ftruncate(file.fileno(), 1 << 40)\nprint('BROKE')",
        walls(Layer.RLIMITS),
    ),
    Attack(
        "files without end",
        "made = 0\ntry:\n    for n in range(400):\n        open(f'file{n}', 'w').close()\n        made += 1\n"
        "except OSError: pass\nprint('BROKE' if made == 400 else made)",
        walls(Layer.ROOT),
    ),
    Attack(
        "open files",
        "kept = []\ntry:\n    for n in range(100): kept.append(open('/dev/null'))\nexcept OSError: pass\n"
        "print('BROKE' if len(kept) == 100 else len(kept))",
        walls(Layer.RLIMITS),
    ),
    Attack(
        "output without end",
        "import sys\nfor _ in range(100): sys.stdout.write('x' * 1000)",
        walls(),
        not_held_by("output"),
        loosened=Limits(output_bytes=1 << 20),
    ),
    Attack(
        "errors without end",
        "import sys\nfor _ in range(100): sys.stderr.write('x' * 1000)",
        walls(),
        not_held_by("output"),
        loosened=Limits(output_bytes=1 << 20),
    ),
    Attack(
        "its own limits raised",
        "import resource as r\nr.setrlimit(r.RLIMIT_FSIZE, (r.RLIM_INFINITY,) * 2)\nprint('BROKE')",
        walls(Layer.RLIMITS),
    ),
    Attack(
        "core dumps",
        "import resource as r\nprint('BROKE' if r.getrlimit(r.RLIMIT_CORE)[1] != 0 else '')",
        walls(Layer.RLIMITS),
    ),
]
