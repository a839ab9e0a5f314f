"""The course from the command line: read, hand in, be graded by a worker, and be seen by a teacher."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tests.platforms import Platform
from webapp.cli import main

PROGRAM = (
    '#include <stdio.h>\n\nint main(void) {\n    int y;\n    scanf("%d", &y);\n    puts(y % 4 ? "false" : "true");\n}\n'
)


def test_an_exercise_is_read_handed_in_and_graded(platform: Platform, tmp_path: Path) -> None:
    def penstock(*words: str, as_json: bool = True) -> Any:
        asked = ["course", *words, "--data-dir", str(platform.data_dir), *(["--json"] if as_json else [])]
        ended = CliRunner().invoke(main, asked)
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout) if as_json else ended.stdout

    assert "the-first-program" in penstock("modules", as_json=False)
    assert penstock("lesson", "the-first-program")["module"] == "note-g"
    assert "leap" in [one["name"] for one in penstock("exercises", "--module", "babbages-engine")]
    assert "'2015\\n' -> 'false\\n'" in penstock("exercise", "leap", as_json=False)
    (tmp_path / "leap.c").write_text(PROGRAM)
    told = penstock("submit", "leap", str(tmp_path / "leap.c"))
    assert (told["verdict"], told["points"]) == ("wrong_answer", 6)
    assert "wrong_answer" in penstock("submissions", "--exercise", "leap", as_json=False)
    home = penstock("add-class", "evening class")["id"]
    assert penstock("enroll", home, told["member_id"], "ada")["alias"] == "ada"
    assert [one["id"] for one in penstock("classes")] == [home]
    progress = penstock("progress", home, as_json=False)
    assert "ada" in progress
    assert "0 of 1 solved" in progress
    assert penstock("similarity", home, "leap") == []
