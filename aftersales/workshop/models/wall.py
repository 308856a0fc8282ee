"""The screen in the hall."""

from __future__ import annotations

from django.db import models


class WallLink(models.Model):
    """The address under which a station's hall screen shows its board without anybody signed in; only its hash is kept."""

    station = models.OneToOneField("staff.Station", on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
