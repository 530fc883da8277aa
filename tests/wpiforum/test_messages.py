"""Catalogues: compiled ones count at once, also in a process that looked for them before."""

from pathlib import Path

from django.test import override_settings
from django.utils.translation import gettext, override

from wpiforum.messages import compile_catalogues

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "A word of no page"
msgstr "どこにもない言葉"
"""


def test_catalogue_compiled_after_the_first_look_is_read(tmp_path: Path) -> None:
    """As in the first `make run`: checks and migrations ask for words before there is a compiled file."""
    folder = tmp_path / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOGUE, encoding="utf-8")
    with override_settings(LOCALE_PATHS=[tmp_path]):
        with override("ja"):
            assert gettext("A word of no page") == "A word of no page"
        compile_catalogues()
        with override("ja"):
            assert gettext("A word of no page") == "どこにもない言葉"
