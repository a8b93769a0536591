"""What an adviser writes and ticks, read into what the operations take."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.operations.noting import Classification, Note
from madoguchi.consultations.operations.working import Check, Checked
from madoguchi.correspondence.operations.words import Pen
from madoguchi.desks.models import User
from madoguchi.directory.windows import all_windows
from madoguchi.rules.codebooks import CodeBook, Table
from madoguchi.rules.deadlines import Again
from madoguchi.rules.folding import hyphened
from madoguchi.workbench.forms.deadlines import PromiseForm
from madoguchi.workbench.forms.files import ConsentForm

Books = Mapping[Table, CodeBook]

_LONGEST = 20_000
_MOST_MINUTES = 1_440


def codes_of(books: Books, table: Table) -> list[tuple[str, Any]]:
    """Return the codes of a table as a form offers them; none where the desk has no book."""
    return [(code.key, code.label_ja) for code in books[table].codes] if table in books else []


def folded_number(typed: str) -> str:
    """Return a 受付番号 as it is kept, however it was typed: ｒ8ー41 is R8-0041."""
    year, dash, count = hyphened(typed).replace(" ", "").upper().partition("-")
    return f"{year}{dash}{count.zfill(4)}"


class Words(forms.CharField):
    """Words as typed: nothing is stripped but what the wire added to the ends of lines."""

    widget = forms.Textarea(attrs={"rows": 6})

    def __init__(self, **said: Any) -> None:
        """Take words of any sensible length."""
        super().__init__(strip=False, max_length=_LONGEST, **said)

    def to_python(self, value: Any) -> str:
        """Return the words with the line ends of the database."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class PenForm(forms.Form):
    """Which open page is writing, and what it has seen."""

    page = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def pen(self, draft: UUID) -> Pen:
        """Return the page's pen."""
        self.full_clean()
        try:
            seen = dt.datetime.fromisoformat(self.cleaned_data.get("seen", ""))
        except ValueError:
            seen = None
        return Pen(draft=draft, page=self.cleaned_data.get("page", ""), seen=seen)


class WordsForm(forms.Form):
    """A reply, or a memo."""

    words = Words(required=False)

    def __init__(self, data: Any = None, *, label: Any, **said: Any) -> None:
        """Head the words by `label`."""
        super().__init__(data, **said)
        self.fields["words"].label = label

    def clean_words(self) -> str:
        """Ask for words: an empty reply would frighten."""
        words: str = self.cleaned_data["words"]
        if not words.strip():
            raise forms.ValidationError(_("まだ何も書かれていません。文を書いてください。"))
        return words

    def parsed(self) -> str:
        """Return the words."""
        words: str = self.cleaned_data["words"]
        return words


class NoteForm(PromiseForm, ConsentForm):
    """A call note. Words alone are enough; so is half a sentence."""

    words = Words(
        label=_("聞いたこと"),
        help_text=_("話しながら書けます。区分はあとでも選べます。"),
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        label=_("侵害の種別（いくつでも）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    action = forms.ChoiceField(
        label=_("今回の対応（統計は1つ）"), required=False, widget=forms.RadioSelect
    )
    referred_to = forms.MultipleChoiceField(
        label=_("紹介先（押すと外れます）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(label=_("手法"), widget=forms.RadioSelect)
    age_group = forms.ChoiceField(label=_("年代"), required=False, widget=forms.RadioSelect)
    standing = forms.ChoiceField(label=_("状況"), required=False, widget=forms.RadioSelect)
    # What was known of the matter when the page was drawn (queries.description_digest).
    described = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    minutes = forms.CharField(
        label=_("所要分"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self, data: Any = None, *, books: Books, may_be_empty: bool = False, **said: Any
    ) -> None:
        """Offer the codes of `books`; `may_be_empty`: a call that came to nothing."""
        super().__init__(data, **said)
        self.may_be_empty = may_be_empty
        offered: dict[str, list[tuple[str, Any]]] = {
            "kinds": codes_of(books, Table.INFRINGEMENT_KIND),
            "action": [("", _("あとで選ぶ")), *codes_of(books, Table.ACTION_TAKEN)],
            "referred_to": [(it.id, it.name.ja) for it in all_windows().values()],
            "channel": codes_of(books, Table.CHANNEL),
            "age_group": codes_of(books, Table.AGE_GROUP),
            "standing": codes_of(books, Table.STANDING),
        }
        for name, codes in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = codes

    def clean_minutes(self) -> int | None:
        """Read minutes, full-width or not."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["minutes"]).strip().rstrip("分")
        if not typed:
            return None
        if not typed.isascii() or not typed.isdigit() or int(typed) > _MOST_MINUTES:
            raise forms.ValidationError(_("所要分は「15」のように、数字で書いてください。"))
        return int(typed)

    def clean(self) -> dict[str, Any]:
        """Ask for a word, or for what was done, before anything counts as a contact."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        is_empty = not said.get("words", "").strip() and not said.get("action")
        if is_empty and not self.may_be_empty and not self.errors:
            self.add_error("words", _("聞いたことをひとことでも書くか、対応を選んでください。"))
        return said

    def parsed(self) -> Note:
        """Return the note."""
        said = self.cleaned_data
        return Note(
            words=said["words"],
            channel=said["channel"],
            action=said["action"] or None,
            kinds=frozenset(said["kinds"]) or None,
            age_group=said["age_group"] or None,
            standing=said["standing"] or None,
            minutes=said["minutes"],
            referred_to=tuple(said["referred_to"]),
            call_back=self.promise,
            seen=said["described"] or None,
            **self.consent,
        )


class CallForm(NoteForm):
    """A call note of somebody whose matter is not known yet."""

    number = forms.CharField(
        label=_("前にも相談した人なら、受付番号"),
        help_text=_("空のままなら、新しい相談として記録します。"),
        required=False,
        max_length=20,
    )

    def clean_number(self) -> str:
        """Read a 受付番号 however it was typed."""
        typed: str = self.cleaned_data["number"]
        return folded_number(typed) if typed.strip() else ""


class ClassifyForm(forms.Form):
    """What a consultation is about, and what was done in each contact (対応は1つ)."""

    kinds = forms.MultipleChoiceField(
        label=_("侵害種別（いくつでも）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    standing = forms.ChoiceField(label=_("状況"), required=False, widget=forms.RadioSelect)
    age_group = forms.ChoiceField(label=_("年代"), required=False, widget=forms.RadioSelect)

    def __init__(
        self,
        data: Any = None,
        *,
        books: Books,
        contacts: Iterable[tuple[UUID, str, str | None]],
        seen: str,
        **said: Any,
    ) -> None:
        """Offer the codes of `books`, and one choice for each of `contacts` (id, label, 対応).

        `seen` tells the state of the classification that the form is about to change.
        """
        super().__init__(data, **said)
        self.seen = seen
        for name, table in (
            ("kinds", Table.INFRINGEMENT_KIND),
            ("standing", Table.STANDING),
            ("age_group", Table.AGE_GROUP),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = codes_of(books, table)
        self.actions: dict[str, UUID] = {}
        for contact, label, action in contacts:
            name = f"action-{contact}"
            self.actions[name] = contact
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                initial=action,
                choices=codes_of(books, Table.ACTION_TAKEN),
                widget=forms.RadioSelect,
            )
        if len(self.unsaid) > 1:
            self.fields["all_alike"] = forms.ChoiceField(
                label=_("ぜんぶ同じ対応"),
                help_text=_("下で別に選んだ受付は、そちらになります。"),
                required=False,
                choices=codes_of(books, Table.ACTION_TAKEN),
                widget=forms.RadioSelect,
            )

    @property
    def all_alike(self) -> forms.BoundField | None:
        """What was done in all contacts whose 対応 nobody has said, where there are several."""
        return self["all_alike"] if "all_alike" in self.fields else None

    def _action(self, name: str) -> str:
        """Return the 対応 said of one contact: its own, else what was said of all."""
        own: str = self.cleaned_data[name]
        if own or self.fields[name].initial:
            return own
        return str(self.cleaned_data.get("all_alike", ""))

    @property
    def unsaid(self) -> list[forms.BoundField]:
        """The contacts whose 対応 nobody has said."""
        return [self[name] for name in self.actions if not self.fields[name].initial]

    @property
    def said(self) -> list[forms.BoundField]:
        """The contacts whose 対応 is known, to be put right."""
        return [self[name] for name in self.actions if self.fields[name].initial]

    def parsed(self) -> Classification:
        """Return what was said; contacts left as they were are left out."""
        said = self.cleaned_data
        return Classification(
            kinds=frozenset(said["kinds"]),
            standing=said["standing"] or None,
            age_group=said["age_group"] or None,
            actions={
                contact: action
                for name, contact in self.actions.items()
                if (action := self._action(name)) and action != self.fields[name].initial
            },
        )


_HOW = {
    Checked.SPOKEN: _("話して安全を確かめた"),
    Checked.HANDED_OVER: _("警察・救急につないだ"),
    Checked.UNREACHED: _("連絡がつかない（くり返す）"),
}


class SafetyForm(forms.Form):
    """What came of a safety check."""

    how = forms.ChoiceField(
        label=_("確かめたこと"),
        choices=list(_HOW.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("確かめたことを、1つ選んでください。")},
    )

    words = forms.CharField(
        label=_("話したこと（1行で。所内メモに残ります）"), required=False, max_length=500
    )
    again = forms.ChoiceField(
        label=_("もう一度たしかめる"),
        choices=[
            ("", _("しない")),
            (Again.SOON, _("2時間後")),
            (Again.NEXT_DAY, _("つぎの開いている日")),
            (Again.IN_A_WEEK, _("1週間後")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        """Ask what was said, of whoever says that the person is safe."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("how") == Checked.SPOKEN and not said.get("words", "").strip():
            self.add_error("words", _("何を話して安全と分かったか、1行書いてください。"))
        return said

    def parsed(self) -> Check:
        """Return what came of it, and when to ask again."""
        said = self.cleaned_data
        how, again = Checked(said["how"]), Again(said["again"]) if said["again"] else None
        words = said["words"].strip()
        return Check(how, f"{_HOW[how]}：{words}" if words else "", again)


class AssignForm(forms.Form):
    """Who is to be in charge."""

    adviser = forms.ChoiceField(label=_("担当にする人"))

    def __init__(self, data: Any = None, *, people: Iterable[User], **said: Any) -> None:
        """Offer `people`."""
        super().__init__(data, **said)
        field = self.fields["adviser"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(person.pk), person.name) for person in people]

    def parsed(self) -> UUID:
        """Return who was chosen."""
        return UUID(self.cleaned_data["adviser"])
