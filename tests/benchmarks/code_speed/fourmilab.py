"""The peer for decks of cards: the Fourmilab emulator in Java, where a JVM and its sources are at hand."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from job_costs.figures import Figure, Target, compared

from code_speed import programs

NAME = "Fourmilab emulator (Java)"
ROUNDS = (20_000, 220_000)
"""A short and a long run of the deck, whose difference leaves the JVM's start out."""
CARDS_A_ROUND = 11


def figure(rounds: int, sources: Path | None, target: Target, ours: Callable[[], float]) -> Figure:
    """Measure the emulator on the same deck; without it, say what is missing."""
    missing = _missing(sources)
    if missing or sources is None:
        mine = [ours() for _ in range(rounds)]
        return Figure(
            "deck of cards, M cards/s", target.written(), f"{sorted(mine)[rounds // 2]:.1f}", f"{NAME}: {missing}"
        )
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder)
        javac = (
            "javac",
            "-nowarn",
            "-encoding",
            "ISO-8859-1",
            "-d",
            str(built),
            *map(str, sorted(sources.glob("*.java"))),
        )
        subprocess.run(javac, check=True, capture_output=True)
        mine, theirs = [], []
        for _ in range(rounds):
            mine.append(ours())
            theirs.append(_rate(built))
    return compared("deck of cards", target, mine, theirs, peer=NAME, unit="M/s")


def _missing(sources: Path | None) -> str:
    if shutil.which("javac") is None:
        return "not measured, as there is no JVM"
    if sources is None or not (sources / "Mill.java").is_file():
        return "not measured, as its sources are not at hand (--fourmilab DIR)"
    return ""


def _rate(built: Path) -> float:
    short_s, long_s = (_run_s(built, rounds) for rounds in ROUNDS)
    return CARDS_A_ROUND * (ROUNDS[1] - ROUNDS[0]) / (long_s - short_s) / 1e6


def _run_s(built: Path, rounds: int) -> float:
    deck = built / f"deck-{rounds}.ae"
    deck.write_text(programs.DECK.format(rounds=rounds))
    began = time.perf_counter()
    subprocess.run(("java", "-cp", str(built), "aes", str(deck)), check=True, capture_output=True)
    return time.perf_counter() - began
