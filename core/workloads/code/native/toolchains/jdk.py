"""Java by a JDK: `javac` in one box, `java` in another."""

import re
from itertools import pairwise

from core.workloads.code.native.toolchains.base import Complaint, SelfTest, Toolchain

_HEAD = re.compile(r"[^:\n]+\.java:(?P<line>\d+): (?P<severity>error|warning): (?P<text>.*)")
_FOLDERS = tuple(f"/etc/java-{version}-openjdk" for version in (17, 21, 25))
"""Where Debian keeps the settings that a JDK refers to."""
_NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
_WORDS = re.compile(r"[{}]|\b(?:class|enum|interface|record)\s+(?P<name>[^\W\d]\w*)|\bvoid\s+main\b")
_UNCAUGHT = re.compile(r'Exception in thread "main" (?P<name>[\w.$]+)')
_SMALL = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Xms16m")
_SELF_TEST = """
import java.util.*;

public class Main {
    interface Shape { double area(); }
    record Square(double side) implements Shape { public double area() { return side * side; } }

    public static void main(String[] args) {
        int n = new Scanner(System.in).nextInt();
        List<Shape> shapes = new ArrayList<>(List.of(new Square(n)));
        try {
            shapes.get(1);
        } catch (IndexOutOfBoundsException e) {
            shapes.forEach(shape -> System.out.println(shape.area() + " caught"));
        }
    }
}
"""


def main_class(source: str) -> str:
    """Name the class of the file that `main` stands in."""
    depth, name = 0, "Main"
    for word in _WORDS.finditer(_NO_CODE.sub(" ", source)):
        depth += {"{": 1, "}": -1}.get(word[0], 0)
        if word["name"] and depth == 0:
            name = word["name"]
        elif word[0].startswith("void"):
            break
    return name


def complaints(stderr: str) -> list[Complaint]:
    """Read javac's messages: line and text, the line itself, a caret below the place, and what it says of symbols."""
    found = []
    lines = stderr.splitlines()
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line)]
    for at, end in pairwise([*heads, len(lines)]):
        head = _HEAD.match(lines[at])
        assert head is not None
        more = lines[at + 1 : end]
        caret = next((number for number, line in enumerate(more) if line.strip() == "^"), None)
        column = more[caret].index("^") + 1 if caret is not None else 0
        said = [line.strip() for line in more[caret + 1 if caret is not None else 0 :] if line.startswith("  ")]
        found.append(Complaint(head["text"], int(head["line"]), column, head["severity"], hint="; ".join(said)))
    return found


def crash(exit_code: int, stderr: str) -> str | None:
    """Name the exception that nobody caught, or what the virtual machine itself could not do."""
    found = _UNCAUGHT.search(stderr)
    if found is None:
        return "error" if exit_code == 1 and stderr.startswith("Error: ") else None
    return found["name"]


TOOLCHAIN = Toolchain(
    language="java",
    title="Java by a JDK",
    programs=("javac",),
    source="{name}.java",
    naming=main_class,
    compiling=(
        "{program}",
        *(f"-J{option}" for option in _SMALL),
        *("-encoding", "UTF-8", "-proc:none", "-Xmaxerrs", "20", "{name}.java"),
    ),
    compiled=("*.class",),
    running=("{folder}/java", *_SMALL, "-Xmx{memory_mib}m", "-Dfile.encoding=UTF-8", "-cp", ".", "{name}"),
    version=("{program}", *(f"-J{option}" for option in _SMALL), "-version"),
    folders=_FOLDERS,
    compile_memory_mib=768,
    compiler_pairs_sockets=True,
    processes=64,
    complaints=complaints,
    crash=crash,
    self_test=SelfTest(_SELF_TEST, "3\n", "9.0 caught\n"),
)
