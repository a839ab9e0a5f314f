"""What every front end has to stand: damaged sources, and any hash seed of the process that translates."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

ALL_PHASES = """
import importlib, json, sys
from pathlib import Path
from core.workloads.code.engine import listing, punching
front_end = importlib.import_module(f"core.workloads.code.frontends.{sys.argv[1]}.front_end").FRONT_END
for path in sys.argv[2:]:
    made = front_end.translate(Path(path).read_text(), ("tokens", "ast", "ir"))
    print(json.dumps(made.shown), listing.listing(made.program))
    print(json.dumps(list(punching.machine_code(made.program.cards))), made.symbols)
"""


def damaged(source: str, random: Random, characters: str, words: Sequence[str]) -> str:
    """Take out, double, exchange or replace parts of a source, also by characters and words that its language has."""
    for _ in range(random.randint(1, 4)):
        at, width = random.randrange(len(source) + 1), random.randint(1, 6)
        new = random.choice(("", source[at : at + width] * 2, random.choice(characters), *words))
        other = random.randrange(len(source) + 1)
        if random.random() < 0.3:
            new = source[other : other + random.randint(1, 30)]
        source = source[:at] + new + source[at + width :]
    return source


def phases_by_hash_seed(language: str, programs: Sequence[Path]) -> set[bytes]:
    """Give what all phases of the programs are, in processes of different hash seeds: one answer, if all is well."""
    return {
        subprocess.run(
            [sys.executable, "-c", ALL_PHASES, language, *programs],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[5],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
