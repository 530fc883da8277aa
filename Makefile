.POSIX:
.PHONY: help run test browser lint lint-style lint-types lint-templates lint-migrations lint-messages lint-deploy ci
PY = .venv/bin/python
ARGS =
# Checks of the code need settings that load, and must not touch the data of this machine.
CHECK = SECRET_KEY=for-checks-only DATABASE_URL=sqlite:///:memory:

help:
	@echo "make run      install, load the data and serve the site on this machine"
	@echo "make test     install and run the tests (one of them: make test ARGS='-k sources')"
	@echo "make browser  the tests that need Chromium (sh tools/chromium.sh installs Debian's)"
	@echo "make lint     style, types, templates, migrations, catalogue, deployment checks"
	@echo "make ci       all of it, on SQLite and PostgreSQL, as run for every change (bash .ci/full: the long checks too)"

run:
	@sh bootstrap.sh requirements.txt
	@LOCAL_HTTP=1 $(PY) manage.py serve $(ARGS)

test:
	@sh bootstrap.sh requirements-dev.txt
	@echo "Browser tests are not part of this run: make browser runs them."
	@# loadfile: tests that load the whole content are in a few files, and one worker loads it once for a file.
	@$(PY) -m pytest -n 2 --dist loadfile -m "not browser and not slow" $(ARGS)

browser:
	@sh bootstrap.sh requirements-dev.txt
	@command -v "$${CHROMIUM:-chromium-headless-shell}" >/dev/null || \
		{ [ -z "$$CHROMIUM" ] && command -v chromium >/dev/null; } || \
		{ echo "No Chromium found: sh tools/chromium.sh installs Debian's, or set CHROMIUM."; exit 1; }
	@$(PY) -m pytest -n 2 --dist loadfile -m "browser and not slow" $(ARGS)

# With make -k every part runs even when an earlier one failed.
lint: lint-style lint-types lint-templates lint-migrations lint-messages lint-deploy

lint-style:
	@sh bootstrap.sh requirements-dev.txt
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

lint-types:
	@sh bootstrap.sh requirements-dev.txt
	$(CHECK) $(PY) -m mypy

lint-templates:
	@sh bootstrap.sh requirements-dev.txt
	$(PY) -m djlint --lint .

lint-migrations:
	@sh bootstrap.sh requirements-dev.txt
	$(CHECK) $(PY) manage.py makemigrations --check --dry-run
	@# The running version must survive what a release does to its database.
	$(PY) -m pytest -q tests/test_migrations_beside_old_code.py

lint-messages:
	@sh bootstrap.sh requirements-dev.txt
	$(CHECK) $(PY) manage.py check_messages

# A made-up production host, since the checks look at production settings.
lint-deploy:
	@sh bootstrap.sh requirements-dev.txt
	@echo "manage.py check --deploy"
	@SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(64))") ALLOWED_HOSTS=portal.example \
		SITE_ORIGIN=https://portal.example DATABASE_URL=sqlite:///:memory: EMAIL_URL=smtp://mail.example \
		$(PY) manage.py check --deploy --fail-level WARNING

ci:
	@bash .ci/run
