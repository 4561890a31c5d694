"""What every test of the merge uses: the small shelf, and one merge after another into the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from docgen.batch.merging import merge
from tests.batch import small
from tests.batch.disk import in_memory
from tests.cli.conftest import open_folder, without_privileges  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docgen.batch.report import Report


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with in_memory() as folder:
        yield folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small shelf, drawn once."""
    return small.build(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def shelf(built: Path) -> Iterator[Path]:
    """The small shelf, in force."""
    with small.on_shelf(built):
        yield built


class Merged(Protocol):
    """`merged(rows, target, form=…, **options)`: a merge in this process."""

    def __call__(
        self, rows: Sequence[small.Row], target: Path, *, form: str = small.CARD, **options: Any
    ) -> Report: ...


@pytest.fixture
def merged(shelf: Path, tmp_path: Path) -> Merged:
    def run(rows: Sequence[small.Row], target: Path, *, form: str = small.CARD, **options: Any) -> Report:
        source = small.written(tmp_path / "ds.jsonl", rows)
        return merge(form, source, target, **{"workers": 1, **options})

    return run
