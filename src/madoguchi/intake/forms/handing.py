"""To what a person agrees, one thing at a time."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from madoguchi.intake.forms.fields import Forgiving, SomeOf
from madoguchi.rules.referral import Item

ITEMS = (
    (Item.STORY, _("書いた文（相談した内容）")),
    (Item.PARTICULARS, _("くわしい状況（サービス、URL、年代など）")),
    (Item.NAME, _("呼び名")),
    (Item.REACH, _("連絡のしかた（電話番号など）")),
    (Item.CONTACTS, _("これまでのやり取り（いつ、どんな返事か）")),
    (Item.NOTES, _("電話などで話したことの記録")),
    (Item.FILES, _("送ったファイル")),
)


class AgreeForm(Forgiving):
    """渡してよいもの: nothing is ticked before she ticks it."""

    items = SomeOf(label=_("渡してよいもの（いくつでも）"), choices=ITEMS)

    def asking(self, asked: Sequence[Item]) -> "AgreeForm":
        """Offer only what the desk asks for."""
        field = self.fields["items"]
        assert isinstance(field, SomeOf)
        field.choices = [(str(item), label) for item, label in ITEMS if item in asked]
        return self

    def parsed(self) -> frozenset[Item]:
        """Return the items."""
        return frozenset(Item(item) for item in self.cleaned_data["items"])
