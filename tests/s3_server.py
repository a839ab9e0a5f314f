"""A real S3 server as a process of its own, keeping everything in memory."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3

from tests.waiting import eventually

BUCKET = "penstock-tests"
REGION = "eu-north-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests"}


@contextmanager
def running_s3(folder: Path) -> Iterator[str]:
    """Run the server on a free port, with one bucket, and give its address; credentials are the environment's."""
    said = folder / "s3.log"
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", "0"]
    with said.open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            endpoint = _address(server, said)
            boto3.session.Session().client("s3", endpoint_url=endpoint, region_name=REGION).create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
            yield endpoint
        finally:
            server.kill()


def _address(server: "subprocess.Popen[bytes]", said: Path) -> str:
    def told() -> "re.Match[str] | None":
        assert server.poll() is None, said.read_text()
        return re.search(r"Running on (http://\S+)", said.read_text())

    return str(eventually(told)[1])
