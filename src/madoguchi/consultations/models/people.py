"""Who asks for help, for whom, and by what they are known again."""

from typing import ClassVar

from django.db import models

from madoguchi.consultations.models.batches import Batch
from madoguchi.desks.models import Desk
from madoguchi.rules.identifying import Sign, Whose
from madoguchi.rules.proxies import Proxying
from madoguchi.vault.ids import new_id


class HelpSeeker(models.Model):
    """相談者: a pseudonym, nothing more. The same person keeps the same one at a desk.

    The pseudonym is sealed under the desk's own key and found by a keyed hash, since a
    desk's spreadsheet may carry a name or a number in that column.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    pseudonym = models.BinaryField()
    pseudonym_hash = models.CharField(max_length=64)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["desk", "pseudonym_hash"], name="help_seeker_once_per_desk"
            )
        ]

    def __str__(self) -> str:
        return f"help-seeker {self.id}"


class AffectedPerson(models.Model):
    """被害者・本人: whom the trouble befell; often not the one who asks for help.

    What is known of them is sealed under the matter's key: `name` and `words`, as JSON.
    """

    consultation = models.OneToOneField(
        "Consultation", primary_key=True, on_delete=models.CASCADE, related_name="affected_person"
    )
    # Key of the desk's code book; empty: not known.
    age_group = models.CharField(max_length=40, default="")
    told = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"affected person of {self.consultation_id}"


class Proxy(models.Model):
    """代わりに動く人: a parent, a school, who speaks for the person. Sealed as above."""

    id = models.UUIDField(primary_key=True, default=new_id)
    consultation = models.ForeignKey(
        "Consultation", on_delete=models.CASCADE, related_name="proxies"
    )
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in Proxying])
    # 話してよい: the person agreed that the matter is spoken of with them.
    may_be_told = models.BooleanField(default=False)
    told = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"{self.kind} in {self.consultation_id}"


class Identifier(models.Model):
    """手がかり: a number, address or account by which somebody is known again.

    Sealed under the matter's key; `value_hash` is a keyed hash of its normalised form.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(
        "Consultation", on_delete=models.CASCADE, related_name="identifiers"
    )
    sign = models.CharField(max_length=12, choices=[(sign, sign) for sign in Sign])
    whose = models.CharField(max_length=12, choices=[(whose, whose) for whose in Whose])
    value = models.BinaryField()
    value_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["consultation", "sign", "value_hash"], name="identifier_once_per_matter"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["desk", "value_hash"], name="known_again_by")]

    def __str__(self) -> str:
        return f"{self.sign} in {self.consultation_id}"
