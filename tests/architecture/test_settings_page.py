"""docs/reference/settings.md against what the program reads."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ = re.compile(r'(?:_said|_flag)\(\s*"([A-Z_]+)"')


def test_the_page_lists_every_setting_that_is_read_and_no_other() -> None:
    read = set(READ.findall((ROOT / "src/madoguchi/config/settings.py").read_text()))
    page = (ROOT / "docs/reference/settings.md").read_text()
    assert "DATABASE_URL" in read
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == read


def test_no_other_file_reads_the_environment() -> None:
    readers = {
        path.relative_to(ROOT / "src/madoguchi").as_posix()
        for path in (ROOT / "src").rglob("*.py")
        if re.search(r"os\.(?:environ\[|environ\.get|getenv)", path.read_text())
    }
    assert readers <= {"config/settings.py"}
