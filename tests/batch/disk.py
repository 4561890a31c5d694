"""A disk that tells what is done to it, fails when it is told to, and knows what a power cut may leave of it.

Inside `Disk(folder).watched()` every change below the folder passes through here: opening, writing, syncing, renaming,
removing. The changes still happen; beside that each is kept in `changes`, may be made to fail, and `after_a_cut` gives
trees that may be found when the power fails at a given moment. POSIX promises of a file only what was synced, and of a
folder only the names that it had when it was synced itself; of everything younger, any part may be there. A rename
inside one folder happens whole or not at all, as on every journalling file system; one from folder to folder may be
half there.
"""

from __future__ import annotations

import errno
import io
import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping

Tree = dict[str, bytes | None]
"""Files with their contents and folders (None), by path."""


class Change(NamedTuple):
    """One thing done to the disk."""

    kind: str
    """`open mkdir remove rename write truncate sync`."""
    path: str
    to: str = ""
    """Where a rename leads."""
    handle: int = 0
    """Which opening of a file or folder this goes through."""
    at: int = 0
    data: bytes = b""


class Disk:
    """The disk below one folder."""

    def __init__(
        self, root: Path, *, fails: Callable[[Change, int], int | None] | None = None, room: int | None = None
    ) -> None:
        """Watch `root`.

        Args:
            root: an existing folder.
            fails: for a change and its number (from 0), the errno with which the system refuses it.
            room: bytes that still can be written; what is freed does not count.
        """
        self.root = root
        self.changes: list[Change] = []
        self._fails, self._room = fails, room
        self._handles: dict[int, int] = {}
        self._paths: dict[int, str] = {}
        self._opened = self._number = 0
        self._open, self._os_open, self._os_close, self._fsync = io.open, os.open, os.close, os.fsync

    @contextmanager
    def watched(self) -> Iterator[Disk]:
        """Inside it, what is done below the root is told."""
        with ExitStack() as stack:
            patched = {
                "open": self._opens_descriptor,
                "close": self._closes_descriptor,
                "fsync": self._syncs,
                "mkdir": self._one_path("mkdir", os.mkdir),
                "unlink": self._one_path("remove", os.unlink),
                "remove": self._one_path("remove", os.remove),
                "rmdir": self._one_path("remove", os.rmdir),
                "replace": self._renames(os.replace),
                "rename": self._renames(os.rename),
            }
            for name, function in patched.items():
                stack.enter_context(mock.patch.object(os, name, function))
            stack.enter_context(mock.patch.object(io, "open", self._opens))
            yield self

    @contextmanager
    def happens(self, kind: str, path: str, **more: Any) -> Iterator[None]:
        """Keep the change that is made inside it, if it is made; or refuse it.

        Raises:
            OSError: as asked for.
        """
        change = Change(kind, path, **more)
        number, self._number = self._number, self._number + 1
        refusal = self._fails(change, number) if self._fails else None
        if refusal is not None:
            raise OSError(refusal, os.strerror(refusal), str(self.root / path))
        yield
        self.changes.append(change)

    def fitting(self, data: bytes) -> bytes:
        """As much of the data as the disk has room for.

        Raises:
            OSError: ENOSPC where it has none.
        """
        if self._room is None:
            return data
        if data and not self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        kept = data[: self._room]
        self._room -= len(kept)
        return kept

    def below(self, path: Any, dir_fd: int | None = None) -> str | None:
        """The path relative to the root; None where it leads elsewhere."""
        if isinstance(path, int):
            return None
        given = os.fspath(path)
        if dir_fd is not None:
            given = os.path.join(os.readlink(f"/proc/self/fd/{dir_fd}"), given)  # noqa: PTH115, PTH118
        told = os.path.relpath(given, self.root)
        return None if told.startswith("..") else told

    def _opens(self, file: Any, mode: str = "r", buffering: int = -1, *more: Any, **named: Any) -> Any:
        handle = self._handles.get(file) if isinstance(file, int) else None
        path = self.below(file)
        if not set(mode) & set("wax+") or "b" not in mode or (handle is None and path is None):
            return self._open(file, mode, buffering, *more, **named)
        if handle is None:
            handle = self._next_handle(path or "")
            with self.happens("open", path or "", handle=handle):
                raw = _Told(self, file, mode.replace("b", ""), handle)
        else:
            raw = _Told(self, file, mode.replace("b", ""), handle)
        self._handles[raw.fileno()] = handle
        if buffering == 0:
            return raw
        waiting = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
        return io.BufferedRandom(raw, waiting) if "+" in mode else io.BufferedWriter(raw, waiting)

    def _next_handle(self, path: str) -> int:
        self._opened += 1
        self._paths[self._opened] = path
        return self._opened

    def _opens_descriptor(self, path: Any, flags: int, *more: Any, dir_fd: int | None = None) -> int:
        told = self.below(path, dir_fd)
        is_folder = dir_fd is None and os.path.isdir(path)  # noqa: PTH112
        if told is None or not (is_folder or flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR)):
            return self._os_open(path, flags, *more, dir_fd=dir_fd)
        handle = self._next_handle(told)
        with self.happens("open", told, handle=handle):
            opened = self._os_open(path, flags, *more, dir_fd=dir_fd)
        self._handles[opened] = handle
        return opened

    def _closes_descriptor(self, descriptor: int) -> None:
        self._handles.pop(descriptor, None)
        self._os_close(descriptor)

    def forget(self, descriptor: int) -> None:
        """The descriptor is closed."""
        self._handles.pop(descriptor, None)

    def _syncs(self, descriptor: Any) -> None:
        number = descriptor if isinstance(descriptor, int) else descriptor.fileno()
        if number in self._handles:
            handle = self._handles[number]
            with self.happens("sync", self._paths[handle], handle=handle):
                pass  # the model knows what would be synced, and the tests are quick

    def _one_path(self, kind: str, function: Callable[..., None]) -> Callable[..., None]:
        def changed(path: Any, *more: Any, dir_fd: int | None = None, **named: Any) -> None:
            told = self.below(path, dir_fd)
            if told is None:
                function(path, *more, dir_fd=dir_fd, **named)
                return
            with self.happens(kind, told):
                function(path, *more, dir_fd=dir_fd, **named)

        return changed

    def _renames(self, function: Callable[..., None]) -> Callable[..., None]:
        def renamed(source: Any, target: Any, **named: Any) -> None:
            told, to = self.below(source), self.below(target)
            if told is None or to is None:
                function(source, target, **named)
                return
            with self.happens("rename", told, to=to):
                function(source, target, **named)

        return renamed


class _Told(io.FileIO):
    """An open file that tells the disk what is written to it."""

    def __init__(self, disk: Disk, file: Any, mode: str, handle: int) -> None:
        super().__init__(file, mode)
        self._disk, self._handle = disk, handle

    def write(self, data: Any) -> int:
        content = self._disk.fitting(bytes(data))
        with self._disk.happens("write", "", handle=self._handle, at=self.tell(), data=content):
            return super().write(content)

    def truncate(self, size: int | None = None) -> int:
        at = self.tell() if size is None else size
        with self._disk.happens("truncate", "", handle=self._handle, at=at):
            return super().truncate(size)

    def close(self) -> None:
        if not self.closed:
            self._disk.forget(self.fileno())
        super().close()


# ---------------------------------------------------------------- what a power cut leaves


@dataclass(eq=False)
class _File:
    safe: bytes = b""
    younger: list[Change] = field(default_factory=list)

    def synced(self) -> None:
        self.safe, self.younger = self.with_first(len(self.younger)), []

    def with_first(self, number: int) -> bytes:
        content = bytearray(self.safe)
        for change in self.younger[:number]:
            _apply(content, change)
        return bytes(content)


_Names = dict[str, "_File | _Folder | None"]


@dataclass(eq=False)
class _Folder:
    safe: _Names = field(default_factory=dict)
    younger: list[_Names] = field(default_factory=list)
    """What was done to its names since it was synced."""

    def with_those(self, done: list[_Names]) -> _Names:
        return {name: node for each in (self.safe, *done) for name, node in each.items()}

    @property
    def now(self) -> _Names:
        return self.with_those(self.younger)

    def synced(self) -> None:
        self.safe, self.younger = self.now, []


def _apply(content: bytearray, change: Change) -> None:
    if change.kind == "truncate":
        del content[change.at :]
        content.extend(bytes(change.at - len(content)))
    else:
        content.extend(bytes(max(0, change.at - len(content))))
        content[change.at : change.at + len(change.data)] = change.data


def after_a_cut(before: Tree, changes: list[Change], *, samples: int, chance: random.Random) -> Iterator[Tree]:
    """Trees that a power cut may leave, at every moment: only what was synced, everything, and random other ones.

    Args:
        before: what the disk held, safely, before the first change.
        changes: as `Disk.changes` has them.
        samples: random trees for each moment.
        chance: the source of randomness.
    """
    root = _folder(before)
    opened: dict[int, _File | _Folder] = {}
    seen: set[int] = set()
    for change in [None, *changes]:
        if change is not None:
            _play(root, opened, change)
        for number in range(2 + samples):
            pick = (_Nothing(), _Everything(), *[_Some(chance)] * samples)[number]
            tree: Tree = {}
            _left(root, "", pick, tree)
            known = hash(tuple(sorted(tree.items(), key=lambda each: each[0])))
            if known not in seen:
                seen.add(known)
                yield tree


class _Nothing:
    """Nothing younger than the last sync was kept."""

    def names(self, younger: list[_Names]) -> list[_Names]:
        return []

    def content(self, file: _File) -> bytes:
        return file.safe


class _Everything(_Nothing):
    """All of it was."""

    def names(self, younger: list[_Names]) -> list[_Names]:
        return younger

    def content(self, file: _File) -> bytes:
        return file.with_first(len(file.younger))


class _Some(_Nothing):
    """Any part of it was; the last write may be torn, or have left its room on the disk but not its bytes."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def names(self, younger: list[_Names]) -> list[_Names]:
        return [each for each in younger if self._chance.random() < self._chance.choice([0.2, 0.5, 0.9])]

    def content(self, file: _File) -> bytes:
        number = self._chance.randint(0, len(file.younger))
        content = bytearray(file.with_first(number))
        if number < len(file.younger) and (torn := file.younger[number]).kind == "write":
            cut = self._chance.randint(0, len(torn.data))
            half = self._chance.choice([torn.data[:cut], bytes(cut), bytes(cut) + torn.data[cut:]])
            _apply(content, torn._replace(data=half))
        return bytes(content)


def _left(folder: _Folder, path: str, pick: _Nothing, tree: Tree) -> None:
    for name, node in sorted(folder.with_those(pick.names(folder.younger)).items(), key=lambda each: each[0]):
        if isinstance(node, _Folder):
            tree[path + name] = None
            _left(node, f"{path}{name}/", pick, tree)
        elif node is not None:
            tree[path + name] = pick.content(node)


def _play(root: _Folder, opened: dict[int, _File | _Folder], change: Change) -> None:
    if change.kind == "sync":
        opened[change.handle].synced()
    elif change.kind in {"write", "truncate"}:
        file = opened[change.handle]
        assert isinstance(file, _File)
        file.younger.append(change)
    elif change.path == ".":
        opened[change.handle] = root
    else:
        _play_name(root, opened, change)


def _play_name(root: _Folder, opened: dict[int, _File | _Folder], change: Change) -> None:
    folder, name = _place(root, change.path)
    node = folder.now.get(name)
    if change.kind == "open":
        if node is None:
            node = _File()
            folder.younger.append({name: node})
        opened[change.handle] = node
    elif change.kind == "rename":
        to, other = _place(root, change.to)
        if to is folder:
            folder.younger.append({name: None, other: node})
        else:
            folder.younger.append({name: None})
            to.younger.append({other: node})
    else:
        folder.younger.append({name: _Folder() if change.kind == "mkdir" else None})


def _place(root: _Folder, path: str) -> tuple[_Folder, str]:
    *folders, name = path.split("/")
    for each in folders:
        below = root.now[each]
        assert isinstance(below, _Folder)
        root = below
    return root, name


def _folder(tree: Mapping[str, bytes | None]) -> _Folder:
    root = _Folder()
    for path, content in sorted(tree.items()):
        folder, name = _place(root, path)
        folder.safe[name] = _Folder() if content is None else _File(content)
    return root


# ---------------------------------------------------------------- trees


def tree_of(folder: Path) -> Tree:
    """Everything below a folder."""
    found = sorted(folder.rglob("*"))
    return {str(each.relative_to(folder)): None if each.is_dir() else each.read_bytes() for each in found}


def planted(tree: Tree, folder: Path) -> Path:
    """The tree as real files in a new folder."""
    folder.mkdir()
    for path, content in sorted(tree.items()):
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)
    return folder


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder in memory where the system has such: these tests sync thousands of files, and wait for no disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="docgen-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)
