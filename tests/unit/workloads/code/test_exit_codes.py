"""Exit codes: what a host would say of a program that ended by itself, by an error, or by the Engine's limits."""

import pytest

from tests.unit.workloads.code.assembling import job

MAIN = "class Main { public static void main(String[] args) { %s } }"


@pytest.mark.parametrize(
    ("language", "source", "verdict", "code"),
    [
        ("java", MAIN % 'throw new RuntimeException("stop");', "runtime_error", 1),
        ("java", MAIN % "System.out.println(1 / (args.length));", "runtime_error", 1),
        ("java", MAIN % "System.exit(3);", "ok", 3),
        ("java", MAIN % "main(args);", "memory_limit", None),
        ("python", "print(1 / 0)", "runtime_error", 1),
        ("python", "exit(3)", "ok", 3),
        ("lisp", "(car 5)", "runtime_error", 1),
        ("lisp", "(exit 3)", "ok", 3),
        ("haskell", 'main = error "stop"', "runtime_error", 1),
        ("haskell", "main = print (1 `div` (0 :: Int))", "runtime_error", 1),
        ("haskell", "main = return ()", "ok", 0),
        ("idris", "main : IO ()\nmain = printLn (the Nat ?later)", "runtime_error", 1),
        ("c", "#include <stdlib.h>\nint main(void) { abort(); }", "runtime_error", None),
        ("c", "int main(void) { int z = 0; return 1 / z; }", "runtime_error", None),
        ("c", "int main(void) { return 300; }", "ok", 44),
        ("assembly", "LD A, #7\nHLT #3\n", "ok", 3),
        ("python", "def f(:", "compile_error", None),
    ],
)
def test_an_exit_code_is_what_a_host_would_say(language: str, source: str, verdict: str, code: int | None) -> None:
    result = job(source, language=language)

    assert (result["verdict"], result["exit_code"]) == (verdict, code)


def test_an_exception_that_nothing_caught_leaves_its_trace() -> None:
    result = job(MAIN % 'throw new IllegalStateException("stop");', language="java")

    told = 'Exception in thread "main" java.lang.IllegalStateException: stop\n\tat Main.main(Main.java:1)\n'
    assert result["stderr"] == told
