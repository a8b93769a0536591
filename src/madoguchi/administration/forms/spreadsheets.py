"""A file; which of its columns is which; what its words mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.rules.codebooks import CodeBook, Table
from madoguchi.rules.contact_records import AT, MATTER, MINUTES, PERSON, REMARKS
from madoguchi.rules.spreadsheets import CODED, TIME, Plan, likely, numbers_in
from madoguchi.ui.widgets import DropDown

_FIRST_ROWS = 30
_NONE = "-"
_WITHOUT = {
    PERSON: _("列なし（1行を1人とする）"),
    MATTER: _("列なし（1人に1つの相談とする）"),
    AT: _("選んでください"),
}
_ACTION = Table.ACTION_TAKEN.column  # 未分類 stands where nothing does
_COLUMNS = (AT, TIME, PERSON, MATTER, *CODED, MINUTES, REMARKS)


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("表のファイル（CSVかxlsx）"),
        error_messages={
            "required": _("ファイルを選んでください。"),
            "empty": _("中身がないか、20MBより大きいファイルです。"),
        },
    )

    def parsed(self) -> bytes:
        """Return the content."""
        content: bytes = self.cleaned_data["file"].given.content
        return content


def _labels_in(books: Sequence[CodeBook]) -> dict[str, list[str]]:
    """Return the labels of each coded column, of all books in force, each once."""
    return {
        column: list(
            dict.fromkeys(
                code.label_ja for book in books if book.table is table for code in book.codes
            )
        )
        for column, table in CODED.items()
    }


def _left_out(plan: Plan) -> forms.Field:
    return forms.CharField(
        label=_("取り込まない行（行番号）"),
        help_text=_("合計の行や、直せない行です。例：9、12、20-24"),
        initial="、".join(map(str, plan.left_out)),
        required=False,
        max_length=500,
    )


class PlanForm(forms.Form):
    """Where the headings are, and which column is which."""

    def __init__(
        self,
        data: Any = None,
        *,
        rows: Sequence[Sequence[str]],
        books: Sequence[CodeBook],
        plan: Plan,
    ) -> None:
        """Show `plan` as it was guessed, or as it was chosen before."""
        super().__init__(data)
        self.labels = _labels_in(books)
        shown = min(len(rows), _FIRST_ROWS)
        self.fields["header"] = forms.TypedChoiceField(
            label=_("見出しの行"),
            coerce=int,
            choices=[(n, f"{n + 1}行目：{_first(rows[n])}") for n in range(shown)],
            initial=plan.header,
            widget=DropDown,
        )
        names = list(rows[plan.header]) if rows else []
        theirs = [(str(at), name.strip() or f"{at + 1}列目") for at, name in enumerate(names)]
        for ours in _COLUMNS:
            self.fields[f"column-{ours}"] = forms.ChoiceField(
                label=ours,
                choices=[*self._without(ours), *theirs],
                initial=self._chosen(ours, plan),
                widget=DropDown,
                required=ours == AT or self._is_needed(ours, books),
            )
        self.fields["left_out"] = _left_out(plan)

    def _is_needed(self, ours: str, books: Sequence[CodeBook]) -> bool:
        """Tell whether every row must say something there: no book has a word for 不明."""
        own = [book for book in books if book.table is CODED.get(ours)]
        return ours != _ACTION and any(not book.knows_unknown for book in own)

    def _without(self, ours: str) -> list[tuple[str, Any]]:
        """Return what may stand for a column that is not there."""
        fixed = [(f"={label}", f"全部「{label}」") for label in self.labels.get(ours, [])]
        return [(_NONE, _WITHOUT.get(ours, _("列なし"))), *fixed]

    def _chosen(self, ours: str, plan: Plan) -> str:
        if ours in plan.columns:
            return str(plan.columns[ours])
        return f"={plan.constants[ours]}" if plan.constants.get(ours) else _NONE

    def clean_left_out(self) -> list[int]:
        """Return the rows that are not taken."""
        try:
            return numbers_in(self.cleaned_data["left_out"])
        except ValueError:
            why = _("行番号を、数字でお書きください。例：9、12、20-24")
            raise forms.ValidationError(why) from None

    def clean(self) -> dict[str, Any]:
        """Refuse a plan without days."""
        told = super().clean() or {}
        if told.get(f"column-{AT}") == _NONE:
            self.add_error(f"column-{AT}", _("受け付けた日の列を選んでください。"))
        return told

    @property
    def choices(self) -> list[Any]:
        """The fields of the columns."""
        return [self[f"column-{ours}"] for ours in _COLUMNS]

    def parsed(self) -> Plan:
        """Return the plan, as yet without what words mean."""
        told = self.cleaned_data
        chosen = {ours: told[f"column-{ours}"] for ours in _COLUMNS}
        return Plan(
            header=told["header"],
            columns={ours: int(it) for ours, it in chosen.items() if it.isdigit()},
            constants={ours: it[1:] for ours, it in chosen.items() if it.startswith("=")},
            left_out=told["left_out"],
        )


def _first(cells: Sequence[str]) -> str:
    said = "・".join(cell.strip() for cell in cells if cell.strip())
    return said[:40] or "（空）"


class ValuesForm(forms.Form):
    """What the words mean that no code book knows."""

    def __init__(
        self,
        data: Any = None,
        *,
        strange: Mapping[str, Sequence[str]],
        labels: Mapping[str, Sequence[str]],
        known: Mapping[str, Mapping[str, str]],
    ) -> None:
        """Ask for each of the `strange` words; `known` is what they meant last time."""
        super().__init__(data)
        self.strange = strange
        for column, values in strange.items():
            for number, value in enumerate(values):
                meant = known.get(column, {}).get(value) or likely(value, labels[column])
                self.fields[f"{column}-{number}"] = forms.ChoiceField(
                    label=f"{column}「{value}」",
                    choices=[("", _("選んでください")), *((it, it) for it in labels[column])],
                    initial=meant,
                    required=False,
                    widget=DropDown,
                )

    def parsed(self) -> dict[str, dict[str, str]]:
        """Return for each column what its words mean; what nobody said is left out."""
        return {
            column: {
                value: meant
                for number, value in enumerate(values)
                if (meant := self._meant(f"{column}-{number}"))
            }
            for column, values in self.strange.items()
        }

    def _meant(self, name: str) -> str:
        if self.is_bound:
            return str(self.cleaned_data.get(name, ""))
        return str(self.fields[name].initial or "")
