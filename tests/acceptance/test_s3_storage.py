"""A platform that keeps its artifacts in S3: what goes in, is read by a job, and comes out, in part too."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from core.catalogue import Catalogue
from tests.platforms import Platform, running_platform


@pytest.fixture
def platform_on_s3(s3_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.setenv("PENSTOCK_STORAGE_URL", s3_url)
    with running_platform(tmp_path / "data") as platform:
        yield platform


def test_a_plot_is_left_in_s3_and_downloaded_in_part(platform_on_s3: Platform, catalogue: Catalogue) -> None:
    key = {"Authorization": f"Bearer {platform_on_s3.api_key}"}
    kind = catalogue.find("pumping.optimize")
    short = {name: value[:16] if isinstance(value, list) else value for name, value in kind.example.items()}
    with httpx2.Client(base_url=platform_on_s3.url, headers=key, timeout=120) as http:
        job = platform_on_s3.client.submit(kind.name, short)
        job.result(timeout=240)
        plot, *_ = http.get(f"/api/v1/jobs/{job.id}/artifacts").json()["items"]
        whole = http.get(plot["url"])
        part = http.get(plot["url"], headers={"Range": "bytes=100-199"})
        upload = http.post("/api/v1/artifacts?name=big.bin", content=(b"x" * (1 << 20) for _ in range(9))).json()
    assert hashlib.sha256(whole.content).hexdigest() == plot["sha256"]
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert (upload["bytes"], upload["sha256"]) == (9 << 20, hashlib.sha256(b"x" * (9 << 20)).hexdigest())
    assert not list((platform_on_s3.data_dir / "artifacts").glob("**/*"))
