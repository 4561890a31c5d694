"""An application with a data folder of its own, and a visitor of it."""

from __future__ import annotations

import pytest

from service.app import create_app
from service.settings import Settings
from tests.pages.visitor import Visitor


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor(create_app(Settings(data=tmp_path_factory.mktemp("data"), requests_per_minute=100_000)))
