"""What deploy/ says is true of the platform: processes, settings, units, manifests; their own linters agree."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.platform.supervisor.procfile import read_procfile

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
PROCESSES = {line.name for line in read_procfile(ROOT / "Procfile")}
SERVERS = {"postgres", "redis"}
OF_OTHERS = {"DATABASE_URL", "REDIS_URL", "FLOWER_BASIC_AUTH"}


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return loaded


def manifests() -> list[dict[str, Any]]:
    named = yaml.safe_load((DEPLOY / "kubernetes/kustomization.yaml").read_text())["resources"]
    return [each for name in named for each in yaml.safe_load_all((DEPLOY / "kubernetes" / name).read_text())]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in manifests() if each["kind"] == kind}


def pod(workload: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = workload["spec"]["template"]["spec"]
    return spec


def known_settings() -> set[str]:
    sources = [ROOT / "Procfile", *(path for top in ("core", "tasks", "webapp") for path in (ROOT / top).rglob("*.py"))]
    return {name for path in sources for name in re.findall(r"PENSTOCK_[A-Z_]+", path.read_text())} | OF_OTHERS


def test_compose_runs_each_process_once_by_its_name() -> None:
    services = compose()["services"]
    assert set(services) == PROCESSES | SERVERS | {"prepare"}
    assert {services[name]["command"][1] for name in PROCESSES} == PROCESSES
    assert services["prepare"]["command"] == ["prepare"]


def test_compose_gives_only_settings_that_there_are() -> None:
    given = {name for each in PROCESSES for name in compose()["services"][each]["environment"]}
    assert given <= known_settings()
    assert len(given) > 10


def test_no_secret_of_compose_has_a_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    used = re.findall(r"\$\{(\w+)([^}]*)\}", text)
    assert {name for name, _ in used} == {
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
        "PENSTOCK_SECRET_KEY",
        "FLOWER_PASSWORD",
    }
    assert all(rest.startswith(":?") for _, rest in used)


def test_compose_exposes_nothing_and_grants_nothing() -> None:
    for name, service in compose()["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), name
        if name not in SERVERS:
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name


def test_the_image_is_of_two_stages_and_runs_as_nobody_special() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("FROM"))
    assert sum(line.startswith("FROM") for line in lines) == 2
    assert any("--require-hashes -r requirements.lock" in line for line in lines[:last])
    assert [line for line in lines[last:] if line.startswith("USER ")] == ["USER 10001:10001"]


def test_what_the_image_is_made_from_is_there() -> None:
    named = re.findall(r"^!(\S+)", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    assert all((ROOT / name).exists() for name in named)
    assert {"core", "tasks", "webapp", "migrations", "celerybeat-schedule", "Procfile"} <= set(named)


def test_the_cluster_runs_each_process_by_its_name() -> None:
    deployments = of_kind("Deployment")
    assert set(deployments) == PROCESSES - {"flower"}
    for name, deployment in deployments.items():
        (container,) = pod(deployment)["containers"]
        assert container["args"][:2] == ["run", name]
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert pod(deployment)["securityContext"]["runAsNonRoot"]
    assert pod(of_kind("Job")["prepare"])["containers"][0]["args"] == ["prepare"]


def test_the_cluster_gives_only_settings_that_there_are() -> None:
    assert set(of_kind("ConfigMap")["penstock"]["data"]) <= known_settings()


def test_services_and_budgets_select_pods_that_there_are() -> None:
    labels = [deployment["spec"]["template"]["metadata"]["labels"] for deployment in of_kind("Deployment").values()]
    selectors = [each["spec"]["selector"] for each in of_kind("Service").values()]
    selectors += [each["spec"]["selector"]["matchLabels"] for each in of_kind("PodDisruptionBudget").values()]
    assert len(selectors) == 4
    assert all(any(selector.items() <= each.items() for each in labels) for selector in selectors)


def test_workers_are_scaled_by_the_queues_that_they_take() -> None:
    taken = {line.name: line.command for line in read_procfile(ROOT / "Procfile") if line.name.startswith("worker")}
    scaled = {each["spec"]["scaleTargetRef"]["name"]: each for each in of_kind("ScaledObject").values()}
    assert set(scaled) == set(taken)
    for name, each in scaled.items():
        queues = re.findall(r"--queues (\S+)", taken[name])[0].split(",")
        for trigger in each["spec"]["triggers"]:
            asked = re.findall(r'queue=~?"([^"]+)"', trigger["metadata"]["query"])
            assert asked
            assert all(sorted(one.split("|")) == sorted(queues) for one in asked)
        # Whoever scaled it by hand would fight the scaler.
        assert "replicas" not in of_kind("Deployment")[name]["spec"]


def test_units_run_what_there_is() -> None:
    assert "ExecStart=/opt/penstock/bin/penstock run %i" in (DEPLOY / "systemd/penstock@.service").read_text()
    drop_ins = {path.name.removeprefix("penstock@").removesuffix(".service.d") for path in DEPLOY.rglob("*.service.d")}
    assert drop_ins <= PROCESSES


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_kustomize_builds_the_manifests() -> None:
    built = subprocess.run(
        ["kubectl", "kustomize", DEPLOY / "kubernetes"], capture_output=True, text=True, check=True
    ).stdout
    kinds = sorted(each["kind"] for each in yaml.safe_load_all(built))
    assert kinds == sorted(each["kind"] for each in manifests())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    """The program itself need not be installed here, which is all that it may complain of."""
    units = [path for path in (DEPLOY / "systemd").iterdir() if path.is_file()]
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    ).stderr
    assert [line for line in said.splitlines() if "/opt/penstock" not in line] == []


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_the_rules_raise_what_they_should() -> None:
    subprocess.run(
        ["promtool", "test", "rules", Path(__file__).with_name("rules.yaml")],
        capture_output=True,
        text=True,
        check=True,
    )
