"""The house keeps its floors, and the checker that says so sees what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gate.floors import FLOORS, broken_rules

_ROOT = Path(__file__).parent.parent


def test_the_house_keeps_its_floors() -> None:
    files = [*(_ROOT / "docgen").rglob("*.py"), *(_ROOT / "service").rglob("*.py")]
    sources = {file.relative_to(_ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}
    assert "docgen/errors.py" in sources
    assert broken_rules(sources) == []


SEEDED = [
    ("docgen/viet/dates.py", "from docgen.word import pdf", "docgen.viet imports docgen.word from a higher floor"),
    ("docgen/viet/dates.py", "from docgen import papers", "docgen.viet imports docgen.papers from a higher floor"),
    ("docgen/viet/dates.py", "from ..word.pdf import to_pdf", "docgen.viet imports docgen.word from a higher floor"),
    ("docgen/viet/__init__.py", "from ..word import pdf", "docgen.viet imports docgen.word from a higher floor"),
    ("docgen/viet/dates.py", "import docgen", "docgen.viet imports docgen from a higher floor"),
    ("docgen/errors.py", "from docgen.viet import names", "docgen.errors imports docgen.viet from a higher floor"),
    ("docgen/rules/caps.py", "import docgen.tables.excel", "docgen.rules imports docgen.tables from its own floor"),
    ("docgen/word/a.py", "def f():\n    from docgen.papers import library", "from a higher floor"),
    ("docgen/word/a.py", "if TYPE_CHECKING:\n    from docgen.papers import library", "from a higher floor"),
    ("docgen/batch/plan.py", "import service.app", "docgen.batch imports service from a higher floor"),
    ("docgen/batch/plan.py", "import flask", "docgen imports flask"),
    ("docgen/cli.py", "def f():\n    import service", "docgen.cli imports service from a higher floor"),
    ("docgen/cli_serve.py", "from service.app import create_app", "imports service.app outside a function"),
    ("docgen/cli_input.py", "def f():\n    import service", "docgen.cli imports service from a higher floor"),
    ("docgen/batch/plan.py", "from docgen import cli_input", "docgen.batch imports docgen.cli from a higher floor"),
    ("docgen/__main__.py", "import service", "docgen.__main__ imports service from a higher floor"),
    ("docgen/word/utils.py", "", "a module named utils holds everything"),
    ("docgen/word/common/text.py", "", "a module named common holds everything"),
    ("docgen/elsewhere.py", "", "stands on no floor"),
    ("docgen/word/long.py", "x = 1\n" * 401, "401 lines, more than 400"),
    ("docgen/word/__init__.py", "from lxml import etree", "__init__ imports lxml"),
    ("service/__init__.py", "import flask", "__init__ imports flask"),
]


@pytest.mark.parametrize(("path", "source", "told"), SEEDED, ids=[f"{path} {told}" for path, _, told in SEEDED])
def test_a_seeded_fault_is_told(path: str, source: str, told: str) -> None:
    found = broken_rules({"docgen/errors.py": "", path: source})
    assert [one for one in found if told in one] == found
    assert len(found) == 1


GOOD = [
    (
        "docgen/word/a.py",
        "from docgen.errors import OutputError\nfrom docgen.rules import layouts\nfrom lxml import etree",
    ),
    ("docgen/word/a.py", "from docgen.word import pdf\nfrom . import package\nfrom .blocks import row"),
    ("docgen/generate.py", "from docgen.papers import record\nfrom docgen import word"),
    ("docgen/__init__.py", "from docgen.generate import render\ndef f():\n    import docxtpl"),
    ("docgen/__main__.py", "from docgen.cli import main"),
    ("docgen/cli_serve.py", "import docgen\ndef serve():\n    from service.app import create_app\n    import waitress"),
    ("docgen/cli_input.py", "from docgen.tables import rows\nfrom docgen.cli_files import put"),
    ("service/app.py", "import flask\nfrom docgen import render\nfrom docgen.errors import DataError"),
    ("docgen/word/long.py", "# long because the schema is one table\n" + "x = 1\n" * 401),
]


@pytest.mark.parametrize(("path", "source"), GOOD, ids=[path for path, _ in GOOD])
def test_what_is_allowed_is_not_told(path: str, source: str) -> None:
    assert broken_rules({path: source}) == []


def test_no_wing_stands_on_two_floors() -> None:
    wings = [wing for floor in FLOORS for wing in floor]
    assert len(wings) == len(set(wings))
