"""What the tests of the contract share."""

import pytest

from tests.contract.examples import book  # noqa: F401 - a fixture
from tests.contract.scene import Scene, make_scene
from tests.web.accounts.conftest import providers  # noqa: F401 - a fixture


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()
