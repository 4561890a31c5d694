"""Papers with a secrecy mark: only on a machine that no other reaches, or where the administrator allows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from docgen.errors import OutputError
from docgen.papers import library
from service.app import create_app
from service.job_folder import Asked, JobFolder
from service.jobs import Jobs
from service.merger import work_off
from service.settings import Settings, from_environment

if TYPE_CHECKING:
    from pathlib import Path

FORM = "cong-van"
SECRET = {**library.sample(library.form(FORM)), "muc_do_mat": "Mật"}
OPEN = {"hosts": frozenset({"van-ban.example"})}


@pytest.mark.parametrize(
    ("more", "status"),
    [({}, 200), (OPEN, 422), ({"proxy": "127.0.0.1"}, 422), ({**OPEN, "allow_secret": True}, 200)],
    ids=["this machine", "a name for others", "behind a proxy", "allowed"],
)
def test_a_document_with_a_mark_is_made_only_where_it_may(tmp_path: Path, more: dict[str, object], status: int) -> None:
    client = create_app(Settings(data=tmp_path, **more)).test_client()  # type: ignore[arg-type]
    answer = client.post(f"/api/v1/forms/{FORM}/documents", json=SECRET)
    assert answer.status_code == status
    if status != 200:
        assert answer.get_json()["errors"][0]["code"] == "secret-on-network"
    assert client.post(f"/api/v1/forms/{FORM}/documents", json={**SECRET, "muc_do_mat": ""}).status_code == 200


def test_a_list_is_made_but_for_its_secret_rows(tmp_path: Path) -> None:
    jobs = Jobs(Settings(data=tmp_path, **OPEN), lambda _: None)  # type: ignore[arg-type]
    rows = [SECRET, {**SECRET, "muc_do_mat": ""}]
    id_ = jobs.start(Asked(name=FORM, list_name="ds.json"), json.dumps(rows).encode(), "somebody")
    work_off(JobFolder(jobs.place / id_), {})
    state = jobs.state(id_, "somebody")
    assert (state.done, state.failed) == (1, 1)
    assert "secret-on-network" in {problem["code"] for problem in state.problems}


def test_the_administrator_says_so_in_words() -> None:
    assert from_environment({"DOCGEN_SECRETS": "allow"}).allow_secret
    assert not from_environment({"DOCGEN_SECRETS": "refuse"}).allow_secret
    with pytest.raises(OutputError, match="DOCGEN_SECRETS"):
        from_environment({"DOCGEN_SECRETS": "yes"})
