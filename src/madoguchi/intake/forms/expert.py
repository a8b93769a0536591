"""What the person lets an expert see, one thing at a time."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from madoguchi.correspondence.models import Kind as Written
from madoguchi.experts.operations.asking import Chosen
from madoguchi.experts.queries.own import OwnQuestion
from madoguchi.intake.forms.fields import Forgiving, SomeOf
from madoguchi.rules.experts import Kind, Shown
from madoguchi.ui.dates import day

# Whom she may be shown to, in words that everybody knows.
WHO = {
    Kind.LAWYER: gettext_lazy("弁護士"),
    Kind.PSYCHOLOGIST: gettext_lazy("心の専門家（臨床心理士）"),
    Kind.SOCIAL_WORKER: gettext_lazy("くらしと心の専門家（精神保健福祉士）"),
    Kind.PEER_GROUP: gettext_lazy("同じ経験をした人たちの団体"),
    Kind.SUPPORT_GROUP: gettext_lazy("支援の団体"),
    Kind.OTHER: gettext_lazy("専門家"),
}
_NAME = "NAME"
_LETTERS = 60


class ShowForm(Forgiving):
    """専門家に見せてよいもの: nothing is ticked before she ticks it."""

    items = SomeOf(label=gettext_lazy("見せてよいもの（いくつでも）"))

    def of(self, found: OwnQuestion) -> "ShowForm":
        """Offer what she is asked to show."""
        field = self.fields["items"]
        assert isinstance(field, SomeOf)
        field.choices = choices_of(found)
        return self

    def chosen(self, found: OwnQuestion) -> Chosen:
        """Return what she ticked."""
        ticked = set(self.cleaned_data["items"])
        messages = tuple(str(it.id) for it in found.messages if str(it.id) in ticked)
        files = tuple(str(it.id) for it in found.files if str(it.id) in ticked)
        items = ((Shown.NAME, _NAME in ticked), (Shown.MESSAGES, messages), (Shown.FILES, files))
        return Chosen(frozenset(it for it, is_there in items if is_there), messages, files)


def choices_of(found: OwnQuestion) -> list[tuple[str, str]]:
    """Return each thing with the words by which she knows it."""
    language = get_language()
    named = [(_NAME, _("呼び名：%(name)s") % {"name": found.name})] if found.name else []
    said = []
    for it in found.messages:
        label = _("%(when)sの相談員の返事：%(words)s")
        if it.kind == Written.FROM_PERSON:
            label = _("%(when)sのあなたの文：%(words)s")
        told = {"when": day(it.at, language), "words": _first(it.words or "")}
        said.append((str(it.id), label % told))
    label = _("%(when)sのファイル（%(kind)s）")
    files = [
        (str(it.id), label % {"when": day(it.at, language), "kind": it.kind}) for it in found.files
    ]
    return [*named, *said, *files]


def _first(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _LETTERS else f"{line[:_LETTERS]}…"
