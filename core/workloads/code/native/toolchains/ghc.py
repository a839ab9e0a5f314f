"""Haskell by GHC."""

import re

from core.workloads.code.native.toolchains.base import Complaint, SelfTest, Toolchain

_HEAD = re.compile(
    r"main\.hs:\(?(?P<line>\d+)[:,](?P<column>\d+)\)?(?:-[\d(),]+)?: (?P<severity>error|warning):(?P<text>.*)"
)
_POINT = "• "
_SELF_TEST = """
import qualified Data.Map as Map

data Shape = Square Double | Circle { radius :: Double } deriving (Show, Eq)

main :: IO ()
main = do
  n <- readLn :: IO Int
  print (Map.toList (Map.fromListWith (+) [(x `mod` 2, x) | x <- [1 .. n]]), take 2 (cycle [Circle 1.5]))
  print (2 ^ (100 :: Int) :: Integer)
"""


def complaints(stderr: str) -> list[Complaint]:
    """Read GHC's messages: a head with the place, and below it one point or several; the first says what is wrong."""
    found = []
    for part in re.split(r"\n(?=\S)", stderr.strip("\n")):
        head = _HEAD.match(part)
        if head is None:
            continue
        body = head["text"].partition("[")[0] + re.sub(r"\n *\|\s*\Z", "", part[head.end() :])
        points = [" ".join(one.split()) for one in re.split(rf"^\s*{_POINT}", body, flags=re.MULTILINE) if one.strip()]
        text = points[0] if points else "refused"
        found.append(Complaint(text, int(head["line"]), int(head["column"]), head["severity"], "; ".join(points[1:])))
    return found


def crash(exit_code: int, stderr: str) -> str | None:
    """Tell a program that its run-time system ended, which begins its message with the program's name."""
    return "error" if exit_code in (1, 2) and stderr.startswith("program: ") else None


TOOLCHAIN = Toolchain(
    language="haskell",
    title="Haskell by GHC",
    programs=("ghc",),
    source="main.hs",
    compiling=("{program}", "-O0", "-v0", "-fdiagnostics-color=never", "-o", "program", "main.hs"),
    compiled=("program",),
    running=("./program",),
    folders=("/var/lib/ghc",),
    compile_memory_mib=1024,
    complaints=complaints,
    crash=crash,
    self_test=SelfTest(
        _SELF_TEST, "10\n", "([(0,30),(1,25)],[Circle {radius = 1.5},Circle {radius = 1.5}])\n" + f"{2**100}\n"
    ),
)
