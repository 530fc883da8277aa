"""Settings of the tests: fast passwords, plain static files, strict loading; everything else as in production."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("EMAIL_URL", "smtp://mail.example")  # the tests keep mail in memory
os.environ.setdefault("DATABASE_POOL", "0")  # test databases come and go
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")

from wpiforum.settings import *  # noqa: F403
from wpiforum.settings import MIDDLEWARE, STORAGES

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Tests of other things sign in without a second factor; those of accounts require it.
SECOND_FACTOR = "offered"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Pages name what they load; loading a row at a time is an error here and only slow in production.
STRICT_LOADING = True
# The test server serves static files itself; collected ones do not exist.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
# Pages count their own queries; tests of the page cache switch it on (tests/wpiforum/kept_pages/).
MIDDLEWARE.remove("wpiforum.pagecache.middleware.KeptPagesMiddleware")
MIDDLEWARE.remove("wpiforum.pagecache.pieces.PiecesMiddleware")  # tests/wpiforum/test_pieces.py
