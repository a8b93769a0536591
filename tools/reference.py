"""The pages of docs/reference that are made from the code: `write` or `check` them.

words.md: the Japanese term of every table and of every member of an enum of the rules,
as the code itself says it. lifecycles.md: each state machine as a diagram.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from madoguchi.rules import chat, consultation, experts

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "madoguchi"
REFERENCE = ROOT / "docs" / "reference"
_TERM = re.compile(r"^(?P<term>[^:.]*[぀-ヿ一-鿿][^:.]*)[:.]\s*(?P<rest>.*)", re.DOTALL)
_HOLD_TERMS = ("*/models.py", "*/models/*.py", "rules/**/*.py")
_MADE = "<!-- Made by tools/reference.py from the code; `make docs` writes it anew. -->"


def _storey(path: Path) -> str:
    return path.relative_to(SOURCES).parts[0]


def _is(kind: str, found: ast.ClassDef) -> bool:
    return any(kind in ast.unparse(base) for base in found.bases)


def _classes(path: Path) -> Iterator[ast.ClassDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return (node for node in tree.body if isinstance(node, ast.ClassDef))


def _row(path: Path, found: ast.ClassDef) -> str | None:
    """Return one line of the table of words, where the docstring starts with a term."""
    said = _TERM.match(ast.get_docstring(found) or "")
    if not said:
        return None
    sense = " ".join(said["rest"].split("\n\n")[0].split())
    return f"| {said['term']} | `{found.name}` | {_storey(path)} | {sense} |"


def _members(path: Path, found: ast.ClassDef) -> Iterator[str]:
    """Return a line for every member whose comment says its term."""
    lines = path.read_text("utf-8").splitlines()
    for node in found.body:
        if isinstance(node, ast.Assign) and "# " in (line := lines[node.lineno - 1]):
            name = ast.unparse(node.targets[0])
            yield f"| {line.split('# ')[-1]} | `{found.name}.{name}` | {_storey(path)} |  |"


def words() -> str:
    """Return words.md."""
    rows: list[str] = []
    for path in sorted(path for place in _HOLD_TERMS for path in SOURCES.glob(place)):
        for found in _classes(path):
            if row := _row(path, found):
                rows.append(row)
            if _is("Enum", found):
                rows += _members(path, found)
    head = "| 日本語 | in the code | storey | sense |\n|---|---|---|---|"
    return f"{_MADE}\n\n# Words\n\nOne Japanese term, one English name.\n\n{head}\n" + "\n".join(
        rows
    )


def lifecycles() -> str:
    """Return lifecycles.md."""
    parts = [
        f"## {name} (`rules/{file.__name__.rpartition('.')[2]}.py`)\n\n"
        f"```mermaid\n{file.LIFECYCLE.as_mermaid()}\n```"
        for name, file in (("相談", consultation), ("チャット", chat), ("専門家連携", experts))
    ]
    return "\n\n".join((_MADE, "# Lifecycles", *parts))


def main() -> int:
    """Write the pages, or tell which of them is not as the code says."""
    stale = []
    for name, made in (("words.md", words()), ("lifecycles.md", lifecycles())):
        page, text = REFERENCE / name, made + "\n"
        if sys.argv[1:] == ["write"]:
            page.write_text(text, "utf-8")
        elif not page.exists() or page.read_text("utf-8") != text:
            stale.append(name)
    for name in stale:
        print(f"docs/reference/{name} is not what the code says: make docs", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
