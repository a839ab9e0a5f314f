import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
STUB = "#!/bin/sh\n"


def program(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(STUB + body)
    path.chmod(0o755)
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of its own, with locks that cost nothing to install."""
    folder = tmp_path / "check out"
    folder.mkdir()
    shutil.copy(CHECKOUT / "penstock", folder)
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-bootstrap.lock", "pyproject.toml"):
        (folder / name).write_text(name)
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with the system's small tools and no Python; `uv` makes an environment that says how it was called."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in (
        "sh",
        "dirname",
        "readlink",
        "cat",
        "cksum",
        "mkdir",
        "rm",
        "rmdir",
        "mv",
        "tr",
        "sleep",
        "chmod",
        "cp",
    ):
        (folder / name).symlink_to(str(shutil.which(name)))
    program(
        folder / "uv",
        f"""echo "uv $*" >>"{tmp_path}/calls"
        if [ "$1" = venv ]; then
            for venv; do :; done
            mkdir -p "$venv/bin"
            printf '#!/bin/sh\\necho "ran $*"\\n' >"$venv/bin/penstock"
            chmod +x "$venv/bin/penstock"
            cp "$venv/bin/penstock" "$venv/bin/python"
        fi
        """,
    )
    return folder


def call(script: Path, *words: str, tools: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": str(tools), "HOME": str(tools), **environ}
    return subprocess.run(
        ["/bin/sh", script, *words], env=environ, cwd="/", capture_output=True, text=True, check=False
    )


def calls(tmp_path: Path) -> list[str]:
    return (tmp_path / "calls").read_text().splitlines()


def test_the_first_call_makes_the_environment_and_the_second_only_runs(
    checkout: Path, tools: Path, tmp_path: Path
) -> None:
    first = call(checkout / "penstock", "up", "--port", "0", tools=tools)
    assert (first.returncode, first.stdout) == (0, "ran up --port 0\n")
    assert "penstock: installing requirements.lock" in first.stderr
    made = calls(tmp_path)
    assert any("--require-hashes -r" in made_call and made_call.endswith("/requirements.lock") for made_call in made)
    second = call(checkout / "penstock", "up", tools=tools)
    assert (second.returncode, second.stdout, second.stderr) == (0, "ran up\n", "")
    assert calls(tmp_path) == made


def test_a_changed_lock_and_the_developers_commands_install_again(checkout: Path, tools: Path, tmp_path: Path) -> None:
    call(checkout / "penstock", "up", tools=tools)
    (checkout / "requirements.lock").write_text("changed")
    assert "installing requirements.lock" in call(checkout / "penstock", "up", tools=tools).stderr
    assert "installing requirements-dev.lock" in call(checkout / "penstock", "test", tools=tools).stderr
    # The larger set serves the smaller one's commands as well
    (checkout / "requirements.lock").write_text("changed again")
    assert call(checkout / "penstock", "up", tools=tools).stderr == ""


def test_it_works_through_links_and_from_elsewhere(checkout: Path, tools: Path, tmp_path: Path) -> None:
    link = tmp_path / "bin" / "penstock"
    link.parent.mkdir()
    link.symlink_to(Path("..") / checkout.name / "penstock")
    assert call(link, "status", tools=tools).stdout == "ran status\n"
    assert (checkout / ".venv" / "bin" / "penstock").exists()


def test_the_place_of_the_environment_can_be_named(checkout: Path, tools: Path, tmp_path: Path) -> None:
    called = call(checkout / "penstock", "status", tools=tools, PENSTOCK_VENV=str(tmp_path / "elsewhere" / "venv"))
    assert called.stdout == "ran status\n"
    assert not (checkout / ".venv").exists()


def test_where_no_bytecode_is_wanted_beside_sources_it_is_kept_in_the_environment(checkout: Path, tools: Path) -> None:
    call(checkout / "penstock", "up", tools=tools)
    venv = checkout / ".venv"
    program(venv / "bin" / "penstock", 'echo "${PYTHONDONTWRITEBYTECODE-unset} ${PYTHONPYCACHEPREFIX-unset}"')
    said = [
        call(checkout / "penstock", "up", tools=tools, **environ).stdout.strip()
        for environ in (
            {},
            {"PYTHONDONTWRITEBYTECODE": "1"},
            {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "/elsewhere"},
        )
    ]
    assert said == ["unset unset", f"unset {venv}/bytecode", "unset /elsewhere"]


def test_without_python_and_uv_it_says_what_to_install(checkout: Path, tools: Path) -> None:
    (tools / "uv").unlink()
    failed = call(checkout / "penstock", "up", tools=tools)
    assert failed.returncode == 1
    assert "Python 3.11 or newer is needed" in failed.stderr
    assert "apt-get install python3" in failed.stderr
    assert not (checkout / ".venv.claim").exists()


def test_a_python_without_venv_is_told(checkout: Path, tools: Path, tmp_path: Path) -> None:
    (tools / "uv").unlink()
    bare = program(tmp_path / "bare", 'case "$2" in *ensurepip*) exit 1 ;; esac\n')
    failed = call(checkout / "penstock", "up", tools=tools, PENSTOCK_PYTHON=str(bare))
    assert failed.returncode == 1
    assert "lacks venv" in failed.stderr
    assert "apt-get install python3-venv" in failed.stderr


def test_a_failed_installation_is_not_taken_for_done(checkout: Path, tools: Path) -> None:
    uv = tools / "uv"
    whole = uv.read_text()
    uv.write_text(whole + '[ "$1" != pip ]\n')
    # The stand-in for Python fails as well, so that pip is no way out
    uv.write_text(uv.read_text().replace('echo "ran $*"', 'case "$*" in -m*) exit 1 ;; esac; echo "ran $*"'))
    failed = call(checkout / "penstock", "up", tools=tools)
    assert failed.returncode == 1
    assert "could not be installed" in failed.stderr
    uv.write_text(whole)
    assert call(checkout / "penstock", "up", tools=tools).stdout == "ran up\n"


def test_the_claim_of_a_process_that_died_is_taken_over(checkout: Path, tools: Path) -> None:
    with subprocess.Popen(["true"]) as gone:
        pass
    claim = checkout / ".venv.claim"
    claim.mkdir()
    (claim / "pid").write_text(str(gone.pid))
    called = call(checkout / "penstock", "up", tools=tools)
    assert called.stdout == "ran up\n"
    assert not claim.exists()


def test_first_calls_at_once_install_once(checkout: Path, tools: Path, tmp_path: Path) -> None:
    environ = {"PATH": str(tools), "HOME": str(tools)}
    several = [
        subprocess.Popen(["/bin/sh", checkout / "penstock", "up"], env=environ, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0] for process in several] == ["ran up\n"] * 3
    assert sum(made_call.startswith("uv venv") for made_call in calls(tmp_path)) == 1


def test_the_script_is_executable_and_plain_sh() -> None:
    script = CHECKOUT / "penstock"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["/bin/sh", "-n", script], check=False).returncode == 0
