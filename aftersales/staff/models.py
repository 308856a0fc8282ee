"""People, stations, duties held, invitations, and the counters that slow down guessing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower, Upper
from django.db.models.lookups import GreaterThanOrEqual

from aftersales.staff.rules import TERMS_NAMES, Post, terms_in, terms_of


class Station(models.Model):
    """A service station; its code is the scope of everything that belongs to it and never changes."""

    code = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=80)
    calendar_code = models.CharField(max_length=16, default="CN")
    is_headquarters = models.BooleanField(default=False)
    trades = models.JSONField(default=list)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code=Upper("code")), name="station_code_in_capitals"),
            models.CheckConstraint(condition=GreaterThanOrEqual(Length("code"), 2), name="station_code_long_enough"),
            models.CheckConstraint(condition=~Q(name=""), name="station_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits show."""
        return {
            "code": self.code,
            "name": self.name,
            "calendar_code": self.calendar_code,
            "is_headquarters": self.is_headquarters,
            "trades": list(self.trades),
            "phone": self.phone,
            "address": self.address,
            "time_zone": self.time_zone,
            "is_open": self.is_open,
        }


class Letterhead(models.Model):
    """How a station speaks on its papers. Apart from the station itself, which every list of orders reads."""

    station = models.OneToOneField(Station, on_delete=models.PROTECT, related_name="+")
    legal_name = models.CharField(max_length=120, blank=True)
    logo = models.CharField(max_length=64, blank=True)
    """Token of the attachment; see `core.files`."""
    logo_mark = models.CharField(max_length=12, blank=True)
    """What tells this logo from another in the journal."""
    terms = models.JSONField(default=dict)
    """Paper and language, such as `intake_zh_hans` → the text."""
    version = models.PositiveIntegerField(default=1)

    def terms_in(self, kind: str, language: str) -> str:
        """The house's terms for this kind of paper, in the language or else in another."""
        return terms_in(self.terms, kind, language)

    def terms_of(self, kind: str) -> dict[str, str]:
        """The house's terms for this kind of paper, in every language in which they were written."""
        return terms_of(self.terms, kind)

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits show."""
        terms = {name: self.terms.get(name, "") for name in TERMS_NAMES}
        return {"legal_name": self.legal_name, "logo": self.logo_mark, **terms}


class Person(AbstractBaseUser):
    """Somebody who works here. What he may do follows from his duties and from nothing else."""

    login = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    must_set_password = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = BaseUserManager["Person"]()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    is_staff = False
    """Django's own administration pages are not used: they would write past the services."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(login=Lower("login")), name="person_login_in_lower_case"),
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(condition=Q(language__in=["", "zh-hans", "zh-hant", "en"]), name="person_language"),
        ]
        indexes = [models.Index(fields=["name"], name="person_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def has_joined(self) -> bool:
        """Whether the person has accepted an invitation and chosen a password."""
        return self.has_usable_password()

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits show."""
        return {
            "login": self.login,
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "language": self.language,
        }


class Assignment(models.Model):
    """A duty that a person has at a station from a day on; `until_on` is the first day without it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="assignments")
    duty = models.CharField(max_length=40)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "station", "duty"], condition=Q(until_on__isnull=True), name="assignment_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="assignment_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["station", "duty"], name="assignment_by_station")]

    def post(self) -> Post:
        """The facts that decisions need; the station must be loaded with it."""
        station = self.station
        return Post(
            self.duty,
            station.code,
            station.is_headquarters,
            station.time_zone,
            self.from_on,
            self.until_on,
            station.name,
            station.pk,
        )


class Invitation(models.Model):
    """A link by which a person chooses his password, once. The link itself is not kept: only what proves it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gte=F("created_at")), name="invitation_expires_after_start"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__gte=F("created_at")), name="invitation_used_after_start"
            ),
        ]
        indexes = [models.Index(fields=["person", "created_at"], name="invitation_by_person")]


class AttemptCounter(models.Model):
    """Rows of Django's database cache, which all workers share; it counts attempts to sign in."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "staff_attempt_counter"
