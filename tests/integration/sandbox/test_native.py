"""Programs under the host's own toolchains: each ending has its verdict, each mistake its place."""

import dataclasses

import pytest

from core.workloads.code.native import running, survey
from core.workloads.code.native.running import NativeRun
from core.workloads.code.native.toolchains.base import SelfTest
from core.workloads.code.sandbox.asking import Sandbox
from core.workloads.code.sandbox.launcher.orders import Limits, Order

TOOLCHAINS = survey.find_toolchains()
QUICK = Limits(wall_s=60.0, cpu_s=1.0, memory_mib=64, output_bytes=2000, disk_mib=8)
MAIN = "class Main { public static void main(String[] args) { %s } }"
SPLICE = """{-# LANGUAGE TemplateHaskell #-}
import Language.Haskell.TH
main = putStr $(runIO (readFile "/etc/passwd") >>= stringE)
"""
VERDICTS = [
    ("c", '#include <stdio.h>\nint main(void) { puts("hi"); return 300; }', "ok", None, None),
    ("c", "int main(void) { int *p = 0; return *p; }", "runtime_error", None, "SIGSEGV"),
    ("c", "int main(void) { volatile int z = 0; return 7 % z; }", "runtime_error", None, "SIGFPE"),
    ("c", "#include <stdlib.h>\nint main(void) { abort(); }", "runtime_error", None, "SIGABRT"),
    ("c", 'int main(void) { __asm__ volatile("int $0x80" :: "a"(20)); }', "security", None, "SIGSYS"),
    ("c", "int main(void) { for (;;) ; }", "time_limit", "cpu", None),
    ("c", '#include <stdio.h>\nint main(void) { for (;;) puts("x"); }', "output_limit", "output", None),
    (
        "c",
        "#include <stdlib.h>\n#include <string.h>\nint main(void) { for (;;) memset(malloc(1 << 20), 1, 1 << 20); }",
        "memory_limit",
        "memory",
        None,
    ),
    ("c", "int main(void) { return }", "compile_error", None, None),
    ("c", '#include "/dev/zero"\nint main(void) { return 0; }', "compile_error", "memory", None),
    ("c", '#include "/etc/passwd"\nint main(void) { return 0; }', "compile_error", None, None),
    ("c", 'int main(void) { return 0; }\n__asm__(".incbin \\"/etc/passwd\\"");', "compile_error", None, None),
    ("c", "int main(void) { return " + "(" * 100_000 + "0" + ")" * 100_000 + "; }", "compile_error", None, None),
    (
        "c",
        "\n".join(["#define A0 x x", *(f"#define A{n} A{n - 1} A{n - 1}" for n in range(1, 40)), "A39"]),
        "compile_error",
        "memory",
        None,
    ),
    ("python", "print('hi'); raise SystemExit(3)", "ok", None, None),
    ("python", "1 / 0", "runtime_error", None, "ZeroDivisionError"),
    ("python", "while True: pass", "time_limit", "cpu", None),
    ("python", "print('x' * 10_000)", "output_limit", "output", None),
    ("python", "kept = b'x' * (100 << 20)", "memory_limit", "memory", None),
    ("python", "def f(:\n    pass", "compile_error", None, None),
    ("python", "import socket; socket.socket()", "runtime_error", None, "PermissionError"),
    ("java", MAIN % 'System.out.print("hi"); System.exit(3);', "ok", None, None),
    ("java", MAIN % "int[] a = {1}; a[1] = 2;", "runtime_error", None, "java.lang.ArrayIndexOutOfBoundsException"),
    ("java", MAIN % "for (;;) ;", "time_limit", "cpu", None),
    ("java", MAIN % 'for (;;) System.out.println("x");', "output_limit", "output", None),
    (
        "java",
        MAIN % "var kept = new java.util.ArrayList<byte[]>(); for (;;) kept.add(new byte[1 << 20]);",
        "memory_limit",
        "memory",
        None,
    ),
    ("java", MAIN % "int x = true;", "compile_error", None, None),
    ("java", MAIN % "int x = " + "(" * 100_000 + "1" + ")" * 100_000 + ";", "compile_error", "output", None),
    (
        "java",
        MAIN % 'try { new java.net.ServerSocket(0); } catch (java.io.IOException e) { throw new Error("held"); }',
        "runtime_error",
        None,
        "java.lang.Error",
    ),
    ("haskell", 'import System.Exit\nmain = putStr "hi" >> exitWith (ExitFailure 3)', "ok", None, None),
    ("haskell", "main = print (head ([] :: [Int]))", "runtime_error", None, "error"),
    ("haskell", "main = print (length [1 ..])", "time_limit", "cpu", None),
    ("haskell", 'main = mapM_ putStrLn (repeat "x")', "output_limit", "output", None),
    ("haskell", "main = let xs = [1 :: Int ..] in print (length xs, head xs)", "memory_limit", "memory", None),
    ("haskell", "main = putStrLn 5", "compile_error", None, None),
    ("haskell", '{-# LANGUAGE CPP #-}\n#include "/dev/zero"\nmain = print 1', "compile_error", "memory", None),
    (
        "haskell",
        SPLICE,
        "compile_error",
        None,
        None,
    ),
]


@pytest.mark.parametrize(("language", "source", "verdict", "limit", "trap"), VERDICTS)
def test_an_ending_has_its_verdict(
    sandbox: Sandbox, language: str, source: str, verdict: str, limit: str | None, trap: str | None
) -> None:
    result = run(sandbox, language, source)

    assert (result.verdict, result.limit_hit, result.trap) == (verdict, limit, trap), result
    assert result.phase == ("compile" if verdict == "compile_error" else "run")
    assert bool(result.complaints) == (verdict == "compile_error")
    assert len(result.layers) == 8


def test_sleep_ends_by_the_clock(sandbox: Sandbox) -> None:
    result = run(sandbox, "python", "import time; time.sleep(60)", limits=Limits(wall_s=1.0))

    assert (result.verdict, result.limit_hit) == ("time_limit", "wall")


def test_what_a_program_says_and_reads_passes_unchanged(sandbox: Sandbox) -> None:
    echo = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())"
    every_byte = bytes(range(256))

    assert run(sandbox, "python", echo, every_byte).stdout == every_byte


def test_mistakes_have_their_place(sandbox: Sandbox) -> None:
    in_c = run(sandbox, "c", "int main(void) {\n    int x = 1\n    return y;\n}\n").complaints
    in_python = run(sandbox, "python", "x = 1\ny = (2,\n").complaints

    assert [(one.line, one.column, one.severity) for one in in_c[:1]] == [(3, 5, "error")]
    assert "expected" in in_c[0].message
    assert [(one.line, one.column, one.severity) for one in in_python] == [(2, 5, "error")]


def test_mistakes_in_java_and_haskell_have_their_place_and_what_is_told_beside(sandbox: Sandbox) -> None:
    (in_java,) = run(sandbox, "java", "class Main {\n    int x = 1 + totl;\n}\n").complaints
    (in_haskell,) = run(sandbox, "haskell", 'main :: IO ()\nmain = putStrLn ("n" ++ totl)\n').complaints

    assert (in_java.line, in_java.column, in_java.message) == (2, 17, "cannot find symbol")
    assert in_java.hint == "symbol:   variable totl; location: class Main"
    assert (in_haskell.line, in_haskell.column) == (2, 25)
    assert in_haskell.message.startswith("Variable not in scope: totl")


def test_java_may_have_any_classes_and_begin_in_any_of_them(sandbox: Sandbox) -> None:
    source = (
        "// class Wrong { void main }\ninterface Said { String it(); }\npublic class Begin {\n  enum Sign { PLUS }\n"
        "  static class Inner implements Said { public String it() { return Sign.PLUS.name(); } }\n"
        '  public static void main(String[] args) { String s = "}"; System.out.print(new Inner().it() + s); }\n}\n'
    )

    assert run(sandbox, "java", source).stdout == b"PLUS}"
    assert run(sandbox, "java", "class Größe { public static void main(String[] a) { } }").verdict == "ok"


def test_what_a_compiler_may_pair_leads_nowhere_and_is_nobody_elses(sandbox: Sandbox) -> None:
    source = (
        "import socket\n"
        "for name, make in {\n"
        "    'pair': lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM),\n"
        "    'tipc pair': lambda: socket.socketpair(30, socket.SOCK_STREAM),\n"
        "    'unix': lambda: socket.socket(socket.AF_UNIX),\n"
        "    'vsock': lambda: socket.socket(40, socket.SOCK_STREAM),\n"
        "}.items():\n"
        "    try: make(); print(name)\n"
        "    except PermissionError: pass\n"
    )
    order = Order(("/usr/bin/python3", "-I", "-c", source))

    assert sandbox.run(order).stdout == b""
    assert sandbox.run(dataclasses.replace(order, socket_pairs=True)).stdout == b"pair\n"
    assert [one.language for one in TOOLCHAINS.values() if one.compiler_pairs_sockets] == ["java"]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("  x = 1\n", (1, 3)),
        ("if True:\nprint(1)\n", (2, 1)),
        ("def f():\n    x = 1\n  y = 2\n", (3, 3)),
        ("if 1:\n\tx = 1\n        y = 2\n", (3, 9)),
        ("def f():\n    return (1,\n", (2, 12)),
    ],
)
def test_indentation_counts_in_the_column_and_may_be_what_is_wrong(
    sandbox: Sandbox, source: str, place: tuple[int, int]
) -> None:
    [found] = run(sandbox, "python", source).complaints

    assert (found.line, found.column) == place


def test_the_exit_code_is_what_main_returned_modulo_256(sandbox: Sandbox) -> None:
    assert run(sandbox, "c", "int main(void) { return 300; }").exit_code == 44


def test_a_toolchain_that_fails_its_self_test_is_not_offered(sandbox: Sandbox) -> None:
    broken = dataclasses.replace(TOOLCHAINS["c"], self_test=SelfTest("int main(void) { return 0; }", "", "42\n"))

    found = survey.examine(sandbox, broken)

    assert not found.available
    assert "self-test" in found.reason


def test_a_toolchain_that_is_not_there_is_said_so(sandbox: Sandbox) -> None:
    absent = dataclasses.replace(TOOLCHAINS["c"], programs=("no-such-compiler",))

    assert survey.examine(sandbox, absent).reason == "no no-such-compiler on this host"


def test_what_is_offered_works(sandbox: Sandbox) -> None:
    for found in survey.survey(sandbox):
        assert found.available or found.reason
        assert not found.available or found.version


def run(sandbox: Sandbox, language: str, source: str, stdin: bytes = b"", limits: Limits = QUICK) -> NativeRun:
    try:
        return running.run(sandbox, TOOLCHAINS[language], source, stdin, limits)
    except running.Unavailable as reason:
        pytest.skip(str(reason))
