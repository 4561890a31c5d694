"""Where documents go: what every kind of output can do for the merge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from docgen.batch.ledger import Entry
    from docgen.batch.tasks import Finished, Made, Outcome, Task
    from docgen.batch.work import Ending


class Goal(Protocol):
    """An output that is open for one merge; its documents arrive in the order of `arranged`."""

    @property
    def parts(self) -> Path | None:
        """The folder in which workers leave finished documents; None: they give their contents back."""

    @property
    def ending(self) -> Ending:
        """What workers are to make for it."""

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The newest ledger entry of each document, by key."""

    def arranged(self, tasks: Sequence[Task]) -> Sequence[Task]:
        """The tasks in the order in which this output takes them."""

    def standing(self, tasks: Iterable[Task]) -> Iterator[Outcome | Task]:
        """For each task what an earlier run has done for it already, or the task itself, which is then to be made."""

    def put(self, group: Sequence[tuple[Task, Made] | Outcome]) -> Iterator[Outcome]:
        """Take a group of documents, in order; an outcome that is read is there to stay.

        Raises:
            OutputError: the disk, the rights or the folder fail.
        """

    def rest(self) -> Iterator[Outcome]:
        """The outcomes of what still waits for more of its kind, once all is put."""

    def holds(self, entry: Entry) -> bool:
        """Whether the document of an entry is still there."""

    def finish(self, index: bytes | None, bad_rows: bytes | None) -> Finished:
        """Complete the output, with the index of documents and the list of bad rows (None: there is none).

        Raises:
            OutputError: they could not be written.
        """

    def close(self) -> None:
        """Let go of the output, complete or not."""
