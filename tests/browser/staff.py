"""People of the staff in the browser: signing in, and the way to a row's pages."""

from typing import Any

from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from tests.factories.publishing import make_person

PASSWORD = "correct horse battery"


def address(site: str, language: str, name: str, *args: Any) -> str:
    """Return the address of a page of the staff site in a language."""
    with translation.override(language):
        return site + reverse(name, args=args)


def row_page(site: str, language: str, row: Any, page: str = "change") -> str:
    return address(site, language, f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", row.pk)


def enter(open_page: Any, site: str, language: str, role: str, username: str, **options: Any) -> Page:
    """Make a person with a role and sign them in through the form, in a browser of their own."""
    make_person(role, username=username, password=PASSWORD)
    page: Page = open_page(language, "admin/login/", **options)
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form[action$='/login/'] [type=submit]").click()
    expect(page.locator(".needs")).to_be_visible()
    return page


def act(page: Page, verb: str, **fields: str) -> None:
    """Fill in a form of the desk and send it."""
    form = page.locator(f"form.act--{verb}")
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("found => found.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("[type=submit]").click()
