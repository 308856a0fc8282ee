"""The product's settings for a server in a process of its own, with the probe pages beside the real ones."""

from __future__ import annotations

import os

from aftersales.config.settings import *  # noqa: F403
from aftersales.config.settings import DATABASES, STORAGES

ROOT_URLCONF = "tests.faults.site"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if os.environ.get("FULL_DISK_SIGN"):
    DATABASES["default"]["ENGINE"] = "tests.faults.small_disk"
