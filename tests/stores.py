"""Storage for the tests: a directory of their own, and S3 as moto's server speaks it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from pytest_django.fixtures import Settings

from settings.storage import FILE_SYSTEM, storage_at

_BUCKET = "my-accountant"


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """A running S3; its buckets are each test's own to make."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def file_system(settings: Settings, tmp_path: Path) -> None:
    """Files lie in a directory of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_BY_REDIRECT = False
    settings.STORAGES = {**settings.STORAGES, "default": FILE_SYSTEM}


@pytest.fixture
def s3(settings: Settings, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files lie in an empty bucket."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    client = boto3.client("s3", endpoint_url=s3_endpoint, region_name="us-east-1")
    client.create_bucket(Bucket=_BUCKET)
    settings.MEDIA_BY_REDIRECT = True
    place = storage_at(f"s3://{_BUCKET}/files", endpoint=s3_endpoint, region="us-east-1")
    settings.STORAGES = {**settings.STORAGES, "default": place}
    yield
    bucket: Any = boto3.resource("s3", endpoint_url=s3_endpoint, region_name="us-east-1").Bucket(_BUCKET)
    bucket.objects.all().delete()
    bucket.delete()


@pytest.fixture(params=["file_system", "s3"])
def store(request: pytest.FixtureRequest) -> str:
    """Each place in turn."""
    request.getfixturevalue(request.param)
    return str(request.param)


def stored_keys(folder: str = "") -> set[str]:
    """Every key in storage under a folder."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return set()
    prefix = f"{folder}/" if folder else ""
    found = {prefix + name for name in files if name}
    return found.union(*(stored_keys(prefix + name) for name in folders))
