"""Telling a person by LINE that a reply has come: asked for by them, ended by them."""

from django.db import models

from madoguchi.matters.models import Matter


class LineNotice(models.Model):
    """LINEの知らせ: where to say, without a word of what, that a reply has come.

    The person's LINE user id is sealed under the matter's key and found by a keyed hash.
    Until they have sent their code to the official account, there is only the code's hash.
    """

    matter = models.OneToOneField(
        Matter, primary_key=True, on_delete=models.PROTECT, related_name="line_notice"
    )
    code_hash = models.CharField(max_length=64, default="", blank=True, db_index=True)
    asked_at = models.DateTimeField()
    user = models.BinaryField(default=b"")
    user_hash = models.CharField(max_length=64, default="", blank=True, db_index=True)
    # In which she asked for it (`ja`, `ja-easy`, `en`): so LINE speaks to her.
    language = models.CharField(max_length=8, default="ja")
    linked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"LINE notice of {self.matter_id}"
