"""One product for all who break nothing that lasts: starting it takes seconds. Others have their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.harness import Product


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package")
def product() -> Iterator[Product]:
    with Product() as product:
        yield product
