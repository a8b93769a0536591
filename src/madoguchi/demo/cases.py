"""The published cases, told by rows of the demonstration records that fit them."""

import tomllib
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True)
class Case:
    """One case as Osaka Prefecture published it; `result` only of expert consultations."""

    section: int
    heading: str
    asked: str
    answered: str
    result: str
    kind: str
    standing: str
    action: str

    @property
    def remark(self) -> str:
        """The case as an adviser would have noted it."""
        parts = [f"【相談】{self.asked}", f"【対応】{self.answered}"]
        return "\n".join([*parts, f"【結果】{self.result}"] if self.result else parts)

    def fits(self, row: dict[str, str]) -> bool:
        """Tell whether a contact record could be of this case: a new matter, in 令和6年度."""
        return (
            row["受付日時"] < "2025-04-01"
            and row["状況"] == self.standing
            and self.kind in row["侵害種別"].split(";")
            and row["対応"] == self.action
        )


def published_cases() -> list[Case]:
    """Return the cases of the source's sections 3, 4 and 5, in its order."""
    text = resources.files("madoguchi.demo").joinpath("data", "published-cases.toml")
    return [Case(**case) for case in tomllib.loads(text.read_text("utf-8"))["case"]]


def told(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return `rows` with each published case as the remark of one row; no figure changes."""
    rows = [dict(row) for row in rows]
    taken: set[tuple[str, str]] = set()
    for case in published_cases():
        row = next(
            row for row in rows if case.fits(row) and (row["相談者"], row["内容"]) not in taken
        )
        taken.add((row["相談者"], row["内容"]))
        row["備考"] = case.remark
    return rows
