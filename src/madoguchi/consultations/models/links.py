"""What advisers say two consultations are to each other; and lists they keep."""

from typing import ClassVar

from django.db import models

from madoguchi.consultations.models.matters import Consultation
from madoguchi.desks.models import Desk, User
from madoguchi.rules.linking import Tie
from madoguchi.vault.ids import new_id


class Link(models.Model):
    """つなぎ: an adviser's word that two consultations belong together, or do not.

    Nothing of either is overwritten: undoing takes the word back, and all is as before.
    With TWICE, `one` is what was received by mistake.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    one = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    tie = models.CharField(max_length=12, choices=[(tie, tie) for tie in Tie])
    # Why the system proposed it: codes of `rules.linking.Reason`.
    reasons = models.JSONField(default=list)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=models.Q(undone_at__isnull=True),
                name="link_once_while_it_holds",
            ),
            models.CheckConstraint(
                name="link_joins_two", condition=~models.Q(one=models.F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tie} {self.one_id} {self.other_id}"


class SavedView(models.Model):
    """保存した一覧: filters that one of the staff keeps. The name is sealed under the desk's key.

    `asked` holds codes, ids and days only.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.BinaryField()
    asked = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"view of {self.owner_id}"
