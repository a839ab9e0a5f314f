"""A class of submissions: each graded by cases, some of which the students do not see."""

from penstock_client import Client

CASES = [
    {"name": "small", "stdin": "3", "expected": "6"},
    {"name": "zero", "stdin": "0", "expected": "0"},
    {"name": "large", "stdin": "100000", "expected": "5000050000", "hidden": True},
]
SUBMISSIONS = {
    "ada": '#include <stdio.h>\nint main() { long n; scanf("%ld", &n); printf("%ld", n * (n + 1) / 2); return 0; }',
    "bob": '#include <stdio.h>\nint main() { long n; scanf("%ld", &n); printf("%ld", n * n / 2); return 0; }',
    "eve": '#include <stdio.h>\nint main() { long n; scanf("%ld", &n); printf("%ld", n) return 0; }',
}

with Client() as client:
    graded = client.map(
        "code.grade",
        [{"language": "c", "source": source, "cases": CASES} for source in SUBMISSIONS.values()],
    )
    for student, grade in zip(SUBMISSIONS, graded, strict=True):
        print(f"{student}: {grade['points']} of {grade['points_possible']}", *grade["diagnostics"])
