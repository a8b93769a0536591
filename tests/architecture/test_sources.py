"""What no linter says about the Python of the house."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "madoguchi"
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
# Rooms in which rows are read and written; the vault keeps house for itself.
ROOMS_OF_ROWS = {"models", "operations", "queries"}

each_file = pytest.mark.parametrize(
    "path", FILES, ids=[path.relative_to(PACKAGE).as_posix() for path in FILES]
)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of what a function does: neither its arguments nor its docstring."""
    does = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - does[0].lineno + 1 if does else 0


def _tables() -> Iterator[tuple[str, ast.ClassDef]]:
    for path in FILES:
        if path.stem == "models" or path.parent.name == "models":
            for node in _tree(path).body:
                if isinstance(node, ast.ClassDef) and any(
                    ast.unparse(base).endswith("Model") for base in node.bases
                ):
                    yield f"{path.parent.name}.{node.name}", node


@each_file
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@each_file
def test_a_function_is_seen_at_one_glance(path: Path) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(_tree(path)) if isinstance(node, functions)]
    assert not [f"{node.name}: {_length(node)}" for node in found if _length(node) > 30]


@each_file
def test_rows_are_touched_only_where_rows_live(path: Path) -> None:
    storey = path.relative_to(PACKAGE).parts[0]
    if storey == "vault" or ROOMS_OF_ROWS & {path.stem, path.parent.name}:
        return
    managers = {"objects", "_default_manager", "_base_manager"}
    found = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and node.attr in managers
    ]
    assert not found


@each_file
def test_only_the_components_make_markup(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] == "ui":
        return
    names = {node.id for node in ast.walk(_tree(path)) if isinstance(node, ast.Name)}
    assert not names & {"mark_safe", "SafeString", "SafeText"}


@pytest.mark.parametrize("room", ["utils", "helpers", "services", "managers", "signals"])
def test_there_is_no_room_for_everything(room: str) -> None:
    assert not [*PACKAGE.rglob(f"{room}.py"), *PACKAGE.rglob(f"{room}/__init__.py")]


def test_every_table_has_its_japanese_name() -> None:
    tables = dict(_tables())
    assert tables
    assert not [
        name for name, node in tables.items() if not JAPANESE.search(ast.get_docstring(node) or "")
    ]
