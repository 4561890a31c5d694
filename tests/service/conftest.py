"""No test of the service touches the data folder of whoever runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def home_of_the_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where a service without `DOCGEN_DATA` keeps its state, here and in processes that a test starts."""
    with pytest.MonkeyPatch.context() as patch:
        home = str(tmp_path_factory.mktemp("home"))
        patch.setenv("XDG_DATA_HOME", home)
        patch.setenv("LOCALAPPDATA", home)
        yield
