"""Programs that resemble each other are found, whatever names and comments they have."""

import random
from uuid import UUID

from core.workloads.code.curriculum.fingerprints import GRAM, WINDOW, fingerprints, pairs, winnowed
from core.workloads.code.curriculum.reading import curriculum

ONE = "int main(void) { int total = 0; for (int i = 0; i < 10; i++) total += i * i; return total; }"
RENAMED = "int main(void) {\n  int s = 0; // sum\n  for (int k = 0; k < 99; k++)\n    s += k * k;\n  return s;\n}"
OTHER = 'int main(void) { while (getchar() != EOF) { puts("x"); } if (1 == 2) { return 3; } }'


def author(number: int) -> UUID:
    return UUID(int=number)


def test_the_example_of_the_paper() -> None:
    hashes = [77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98]
    assert list(winnowed(hashes)) == [17, 17, 8, 39, 17], "figure 2 of the paper, with windows of four"


def test_of_each_window_a_hash_is_kept() -> None:
    rng = random.Random(7)
    for _ in range(200):
        hashes = [rng.randrange(50) for _ in range(rng.randrange(WINDOW, 40))]
        kept = set(winnowed(hashes))
        assert all(kept & set(hashes[start : start + WINDOW]) for start in range(len(hashes) - WINDOW + 1))


def test_short_programs_have_a_fingerprint_as_well() -> None:
    assert len(fingerprints("c", "x")) == 1
    assert len(fingerprints("c", " ".join("x" * GRAM))) == 1


def test_names_numbers_and_comments_do_not_matter() -> None:
    assert fingerprints("c", ONE) == fingerprints("c", RENAMED) != fingerprints("c", OTHER)


def test_pairs_are_told_the_most_alike_first() -> None:
    copied = ONE.replace("return total;", "if (total > 3) { total = total - 3; } return total + 1;")
    programs = {author(1): ONE, author(2): RENAMED, author(3): copied}
    found = pairs({who: fingerprints("c", source) for who, source in programs.items()}, 0.5)
    assert (found[0].one, found[0].other) == (author(1), author(2))
    assert [one.similarity for one in found] == sorted((one.similarity for one in found), reverse=True)
    assert found[0].similarity == 1
    assert len(found) == 3


def test_what_most_have_is_the_exercises_own() -> None:
    same = fingerprints("c", ONE)
    assert len(pairs({author(n): same for n in range(3)}, 0.5)) == 3
    assert pairs({author(n): same for n in range(4)}, 0.5) == []


def test_solutions_of_different_exercises_are_not_taken_for_copies() -> None:
    solved = {
        author(place): fingerprints("c", solution.source)
        for place, exercise in enumerate(curriculum().exercises.values())
        if (solution := exercise.solution("c")) is not None
    }
    assert pairs(solved, 0.8) == []
