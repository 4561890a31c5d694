"""The disk is full, fails or is taken away at any step: the merge says so, breaks nothing, and goes on later."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from docgen.batch import merging
from docgen.batch.merging import merge
from docgen.cli import main
from docgen.errors import OutputError
from tests.batch import scenes, small
from tests.batch.disk import Change, Disk, planted, tree_of
from tests.batch.ends import documents, end_of, is_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.batch.conftest import Merged

REFUSALS = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EACCES, errno.EROFS)
TOLD = {"target-not-written", "file-unreadable"}


class Scene:
    """A place before a merge, the merge, and what it comes to undisturbed."""

    def __init__(self, merged: Merged, folder: Path, place: str, *, again: bool) -> None:
        self._merged, self._folder, self._place = merged, folder, place
        self._tries = 0
        self._rows = scenes.first_list()
        whole = folder / "whole"
        whole.mkdir()
        if again:
            merged(self._rows, whole / place)
            self._rows = scenes.second_list(place)
        self._before = tree_of(whole)
        self._old = documents(whole / place) if again else {}
        self.disk = Disk(whole)
        with self.disk.watched():
            merged(self._rows, whole / place)
        self._wanted = end_of(whole / place)
        self._new = documents(whole / place)

    def survives(self, **trouble: Any) -> str:
        """Merge with a disk that gives trouble, then without: the code of the refusal, "" where it went through."""
        self._tries += 1
        found = planted(self._before, self._folder / f"try-{self._tries}")
        told = ""
        with Disk(found, **trouble).watched():
            try:
                self._merged(self._rows, found / self._place)
            except OutputError as error:
                told = error.problems[0].code
        self._assert_nothing_broken(found)
        with Disk(found).watched():
            self._merged(self._rows, found / self._place)
        assert end_of(found / self._place) == self._wanted
        return told

    def _assert_nothing_broken(self, found: Path) -> None:
        target = found / self._place
        if target.exists() or self._place == scenes.PRINT:
            allowed = set(self._old.values()) | set(self._new.values())
            assert set(documents(target).values()) <= allowed
        tree = tree_of(found)
        assert all(is_whole(content or b"") for path, content in tree.items() if path.endswith((".xlsx", ".zip")))


@pytest.fixture(params=scenes.TROUBLED, ids=str)
def scene(request: pytest.FixtureRequest, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(merging, "CHUNK", 2)
    place, again = request.param
    return Scene(merged, tmp_path, place, again=again)


def test_whatever_step_the_system_refuses_nothing_breaks_and_the_next_run_completes(scene: Scene) -> None:
    refused = 0
    for number in range(len(scene.disk.changes)):
        told = scene.survives(fails=refusing(number, REFUSALS[number % len(REFUSALS)], for_good=number % 2 == 0))
        assert told in {*TOLD, ""}
        refused += told != ""
    assert refused > len(scene.disk.changes) // 2


def refusing(number: int, error: int, *, for_good: bool) -> Callable[[Change, int], int | None]:
    """A disk that refuses the change of this number, and those after it where it has failed for good."""

    def fails(change: Change, told: int) -> int | None:
        return error if told == number or (for_good and told > number) else None

    return fails


def test_a_disk_that_is_full_at_any_byte_breaks_nothing_and_tells_the_room_that_is_needed(scene: Scene) -> None:
    ends = [0]
    for change in scene.disk.changes:
        if change.kind == "write":
            ends.append(ends[-1] + len(change.data))
    positions = {end + beside for end in ends for beside in (-1, 0, 1)} | set(range(0, ends[-1], ends[-1] // 20))
    tried = sorted(position for position in positions if 0 <= position < ends[-1])[::3]
    assert all(scene.survives(room=position) == "target-not-written" for position in tried)
    assert scene.survives(room=ends[-1]) == ""


@pytest.mark.parametrize("place", [*scenes.PLACES, scenes.PRINT])
@pytest.mark.parametrize(
    ("error", "goes_through"), [(errno.EIO, False), (errno.ENOSPC, False), (errno.EINVAL, True), (errno.ENOTSUP, True)]
)
def test_a_folder_that_cannot_be_synced_stops_the_merge_only_where_the_disk_has_failed(
    error: int, goes_through: bool, place: str, merged: Merged, tmp_path: Path
) -> None:
    def fails(change: Change, number: int) -> int | None:
        return error if change.kind == "sync" and (tmp_path / change.path).is_dir() else None

    with Disk(tmp_path, fails=fails).watched():
        if goes_through:
            assert merged(small.people(2), tmp_path / place).done == 2
        else:
            with pytest.raises(OutputError, match="Không ghi được"):
                merged(small.people(2), tmp_path / place)


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Path | None]:
    """A real disk of this size; None where this process may mount none."""
    place.mkdir()
    options = f"size={kilobytes}k"
    mounted = shutil.which("mount") and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", options, "docgen", str(place)], stderr=subprocess.DEVNULL
    )
    try:
        yield place if mounted else None
    finally:
        if mounted:
            subprocess.check_call(["umount", str(place)])


@pytest.mark.parametrize("place", scenes.PLACES)
def test_a_real_disk_that_is_full_leads_to_exit_5_and_room_made_on_it_to_the_rest(
    place: str, shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = small.written(tmp_path / "ds.jsonl", small.people(20))
    with small_disk(tmp_path / "disk", 400) as disk:
        if disk is None:
            return  # the model above stands for it
        ballast = disk / "phim.mp4"
        ballast.write_bytes(bytes(330 * 1024))
        assert main(["merge", small.CARD, str(source), "-o", str(disk / place)]) == 5
        told = capsys.readouterr().err
        assert "hết chỗ trên đĩa. Cần " in told
        assert "còn trống " in told
        assert "Traceback" not in told
        ballast.unlink()
        assert main(["merge", small.CARD, str(source), "-o", str(disk / place)]) == 0
        assert main(["merge", small.CARD, str(source), "-o", str(tmp_path / place)]) == 0
        assert documents(disk / place) == documents(tmp_path / place)


def test_a_quota_tells_what_is_needed_and_not_the_room_of_the_whole_disk(merged: Merged, tmp_path: Path) -> None:
    disk = Disk(tmp_path, fails=lambda change, _: errno.EDQUOT if len(change.data) > 4000 else None)
    with disk.watched(), pytest.raises(OutputError) as caught:
        merged(small.people(1), tmp_path / "o")
    assert "hết hạn mức đĩa của người dùng. Cần 6 KB." in str(caught.value)


def test_a_zip_tells_the_room_for_all_documents_that_wait_for_it(merged: Merged, tmp_path: Path) -> None:
    rows = small.people(20)
    merged(rows, tmp_path / "whole.zip")
    waiting = sum(len(document) for document in documents(tmp_path / "whole.zip").values())
    disk = Disk(tmp_path, fails=lambda change, _: errno.EDQUOT if len(change.data) > waiting // 2 else None)
    with disk.watched(), pytest.raises(OutputError) as caught:
        merged(rows, tmp_path / "o.zip")
    told = str(caught.value).partition("Cần ")[2].partition(" KB")[0]
    assert waiting < int(told) * 1024 < waiting + 20 * 256


@pytest.mark.parametrize("place", scenes.PLACES)
def test_a_folder_that_vanishes_in_mid_run_is_named_and_made_again(
    place: str, merged: Merged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "CHUNK", 2)
    rows, folder = small.people(6), tmp_path / "mạng"
    folder.mkdir()

    def vanish(settled: int, total: int) -> None:
        if folder.exists():
            shutil.rmtree(folder)

    with pytest.raises(OutputError, match="thư mục không còn ở đó"):
        merged(rows, folder / place, progress=vanish)
    folder.mkdir(exist_ok=True)
    assert merged(rows, folder / place).done == 6
    assert len(documents(folder / place)) == 6


@pytest.mark.parametrize("place", [*scenes.PLACES, scenes.PRINT])
def test_rights_count(
    place: str, built: Path, open_folder: Path, without_privileges: Callable[[], AbstractContextManager[None]]
) -> None:
    closed, hidden, own = (open_folder / name for name in ("closed", "hidden", "own"))
    for folder, rights in ((closed, 0o555), (hidden, 0), (own, 0o777)):
        folder.mkdir()
        folder.chmod(rights)
    source = small.written(open_folder / "ds.csv", small.people(2))
    shutil.copytree(built, open_folder / "shelf")
    (open_folder / "shelf").chmod(0o755)
    with small.on_shelf(open_folder / "shelf"):
        merge(small.CARD, source, open_folder / "trước", workers=1)  # loads what is imported late
        with without_privileges():
            for folder in (closed, hidden):
                with pytest.raises(OutputError, match="không có quyền") as caught:
                    merge(small.CARD, source, folder / place, workers=1)
                assert [problem.code for problem in caught.value.problems] == ["target-not-written"]
            assert merge(small.CARD, source, own / place, workers=1).done == 2
    assert list(closed.iterdir()) == list(hidden.iterdir()) == []


def test_a_disk_that_only_reads_leads_to_exit_5(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = small.written(tmp_path / "ds.jsonl", small.people(1))
    read_only = tmp_path / "đĩa"
    read_only.mkdir()
    with Disk(read_only, fails=lambda change, number: errno.EROFS).watched():
        assert main(["merge", small.CARD, str(source), "-o", str(read_only / "o")]) == 5
    assert "ổ đĩa chỉ cho đọc" in capsys.readouterr().err
    assert list(read_only.iterdir()) == []
    assert os.access(read_only, os.W_OK)
