"""The settings of the product, and what only tests need."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Nothing a developer has set up is read or touched: home, key and secret are the tests' own.
# pytest's workers inherit the first process's home; they tell their databases apart by name.
if "TESTS_HOME" not in os.environ:
    os.environ["TESTS_HOME"] = tempfile.mkdtemp(prefix="madoguchi-tests-")
    atexit.register(shutil.rmtree, os.environ["TESTS_HOME"], ignore_errors=True)
_home = os.environ["TESTS_HOME"]
os.environ["MADOGUCHI_HOME"] = _home
os.environ["MADOGUCHI_KEY"] = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
os.environ["SECRET_KEY"] = "tests-only"
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_home}/tests.sqlite3")

from madoguchi.config.settings import *  # noqa: E402 (the environment comes first)
from madoguchi.config.settings import DATABASES, EMBEDDED  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
if EMBEDDED:
    # A file, not memory: the same locks and the same journal as in use, less the waiting for disks.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_home) / "tests.sqlite3")}
    _pragmas = DATABASES["default"]["OPTIONS"]["init_command"]
    DATABASES["default"]["OPTIONS"]["init_command"] = _pragmas.replace(
        "synchronous=FULL", "synchronous=OFF"
    )

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "files": STORAGES["files"],
}
CLAMAV_SOCKET = ""  # what is installed on a developer's machine is no part of a test
