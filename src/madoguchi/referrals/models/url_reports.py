"""Reports of discriminatory posts to the prefecture."""

from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.matters.models import Matter
from madoguchi.rules.url_report import Aimed, Status
from madoguchi.vault.ids import new_id


class UrlReport(models.Model):
    """差別情報の通報: posts that the desk reports to the prefecture under its ordinance.

    Who told of them may stay unknown: the matter is optional.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    matter = models.ForeignKey(
        Matter, null=True, on_delete=models.PROTECT, related_name="url_reports"
    )
    aimed = models.CharField(max_length=12, choices=[(it, it) for it in Aimed])
    # Whether somebody concerned asked the service first, and in vain (art. 12).
    asked_service = models.BooleanField(null=True)
    # One URL a line, and what stands there.
    told = models.BinaryField()
    url_count = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=[(it, it) for it in Status])
    written_on = models.DateField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "number"], name="url_report_number_once")
        ]

    def __str__(self) -> str:
        return f"url report {self.number}"


class UrlReportStep(models.Model):
    """通報の経過: on which day the prefecture came to which state, and what it said."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(UrlReport, on_delete=models.CASCADE, related_name="steps")
    status = models.CharField(max_length=12, choices=[(it, it) for it in Status])
    on = models.DateField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Whom it asked, what came of it.
    note = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "status"], name="url_report_state_once")
        ]

    def __str__(self) -> str:
        return f"{self.status} on {self.on}"
