"""An application with a data folder of its own, and a visitor of it; a server and a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.app import create_app
from service.settings import Settings
from tests.pages.browser import launched
from tests.pages.visitor import Visitor
from tests.service.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor(create_app(Settings(data=tmp_path_factory.mktemp("data"), requests_per_minute=100_000)))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("service") / "data", DOCGEN_LIMIT_REQUESTS="100000") as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as made:
        yield made
