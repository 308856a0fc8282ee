"""The product's own settings, with a throw-away data folder and quick password hashing."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="aftersales-test-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["AFTERSALES_DATA_DIR"] = _data_dir
os.environ["AFTERSALES_SECRET_KEY"] = "only-for-tests-" + "x" * 50
os.environ["AFTERSALES_LANGUAGE"] = "en"
os.environ["AFTERSALES_CONFIG"] = ""
os.environ.pop("AFTERSALES_DEMO", None)

from aftersales.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
