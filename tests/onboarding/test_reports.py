"""Reporting a problem on a step: without account and cookie, from this site only, and nothing typed is lost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone, translation

from onboarding.choices import ReportState
from onboarding.models import Report, Step
from onboarding.reports import LONGEST, PER_ADDRESS, PER_SITE
from tests.factories.onboarding import make_guide, make_report, make_step, make_topic, make_user
from tests.helpers import LANGUAGES, main_text, page

pytestmark = pytest.mark.django_db
TEXT = "The desk moved to the second floor."
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def step() -> Step:
    return make_step(guide=make_guide(slug="g", topic=make_topic(slug="t")), slug="s")


def send(client: Client, *, code: str = "en", headers: Any = None, address: str = "192.0.2.1", **data: str) -> Any:
    """Send the form as a browser on this site does."""
    return client.post(
        f"/{code}/guides/t/g/s/report/",
        {"text": TEXT, "website": "", **data},
        headers=HERE if headers is None else headers,
        REMOTE_ADDR=address,
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_report_is_stored_with_its_language(client: Client, step: Step, code: str) -> None:
    response = send(client, code=code)
    assert response.status_code == 200
    assert [(row.step, row.language, row.text, row.state) for row in Report.objects.all()] == [
        (step, code, TEXT, ReportState.NEW)
    ]
    thanks = {
        "ja": "ありがとうございます。職員がこの手順を確認します。",
        "en": "Thank you. Staff will check this step.",
    }[code]
    assert thanks in main_text(response.content.decode())


def test_report_needs_no_cookie_and_sets_none(step: Step) -> None:
    strict = Client(enforce_csrf_checks=True)
    form = strict.get("/en/guides/t/g/s/report/")
    answer = send(strict)
    assert (form.cookies.output(), answer.status_code, answer.cookies.output()) == ("", 200, "")


def test_page_of_the_form_is_kept_by_no_cache(client: Client, step: Step) -> None:
    assert "no-store" in client.get("/en/guides/t/g/s/report/")["Cache-Control"]
    assert "no-store" in send(client)["Cache-Control"]


def test_report_keeps_nothing_of_the_sender(client: Client, step: Step) -> None:
    send(client)
    assert {field.name for field in Report._meta.get_fields()} == {
        "id", "step", "language", "text", "sent_at", "state", "note", "closed_at", "closed_by",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://testserver"}, 403),
        ({"Origin": "http://testserver.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_report_comes_from_this_site_only(client: Client, step: Step, headers: dict[str, str], status: int) -> None:
    response = send(client, headers=headers)
    assert (response.status_code, Report.objects.count()) == (status, 1 if status == 200 else 0)


def test_refused_report_stays_in_the_form(client: Client, step: Step) -> None:
    html = send(client, headers={}).content.decode()
    assert f">{TEXT}</textarea>" in html
    assert "Please send the form from this page." in html


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_report_without_words_is_not_stored(client: Client, step: Step, text: str) -> None:
    response = send(client, text=text)
    assert (response.status_code, Report.objects.count()) == (422, 0)
    assert "Write what is wrong." in main_text(response.content.decode())


def test_report_that_is_too_long_stays_in_the_form(client: Client, step: Step) -> None:
    text = "x" * (LONGEST + 1)
    response = send(client, text=text)
    html = response.content.decode()
    assert (response.status_code, Report.objects.count()) == (422, 0)
    assert f">{text}</textarea>" in html
    assert "Please write at most 2000 characters (you wrote 2001)." in html


def test_longest_report_is_stored(client: Client, step: Step) -> None:
    send(client, text="x" * LONGEST)
    assert len(Report.objects.get().text) == LONGEST


def test_line_break_counts_once_as_in_the_browser(client: Client, step: Step) -> None:
    """A browser counts a line break as one character and sends two."""
    response = send(client, text="\r\n".join(["x" * 99] * 20))
    assert response.status_code == 200
    assert Report.objects.get().text == "\n".join(["x" * 99] * 20)


def test_text_with_html_is_escaped_in_the_form(client: Client, step: Step) -> None:
    html = send(client, text="</textarea><script>x</script>", headers={}).content.decode()
    assert "&lt;/textarea&gt;&lt;script&gt;x&lt;/script&gt;</textarea>" in html
    assert "<script>x" not in html


def test_trap_stores_nothing_and_answers_the_same(client: Client, step: Step) -> None:
    honest = send(client)
    trapped = send(client, website="https://spam.example", address="192.0.2.2")
    assert (trapped.status_code, trapped.content) == (honest.status_code, honest.content)
    assert Report.objects.count() == 1


def test_one_address_may_send_a_few_reports_in_ten_minutes(client: Client, step: Step) -> None:
    found = [send(client).status_code for _ in range(PER_ADDRESS + 1)]
    assert found == [200] * PER_ADDRESS + [429]
    assert Report.objects.count() == PER_ADDRESS


def test_report_beyond_the_limit_stays_in_the_form(client: Client, step: Step) -> None:
    for _ in range(PER_ADDRESS):
        send(client)
    html = send(client, text="One more thing.").content.decode()
    assert ">One more thing.</textarea>" in html
    assert "Too many reports were sent just now. Please try again in ten minutes." in html


def test_limit_of_one_address_does_not_stop_another(client: Client, step: Step) -> None:
    for _ in range(PER_ADDRESS + 1):
        send(client)
    assert send(client, address="192.0.2.2").status_code == 200


def test_whole_site_has_a_limit(client: Client, step: Step) -> None:
    found = [send(client, address=f"192.0.2.{number}").status_code for number in range(PER_SITE + 1)]
    assert found == [200] * PER_SITE + [429]


def test_mistake_does_not_count_as_a_report(client: Client, step: Step) -> None:
    for _ in range(PER_ADDRESS + 1):
        send(client, text="")
    assert send(client).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("what", ["guide", "topic"])
def test_step_that_is_not_public_takes_no_report(client: Client, method: str, what: str) -> None:
    topic = make_topic(slug="t", published=what != "topic")
    make_step(guide=make_guide(slug="g", topic=topic, published=what != "guide"), slug="s")
    response = send(client) if method == "post" else client.get("/en/guides/t/g/s/report/")
    assert (response.status_code, Report.objects.count()) == (404, 0)


def test_form_names_its_step_and_what_not_to_write(client: Client, step: Step) -> None:
    text = main_text(page(client, "/en/guides/t/g/s/report/"))
    assert f"About the step: {step.title_en}" in text
    assert "Do not write names, numbers of cards or other personal data." in text


def test_closing_needs_a_note() -> None:
    row = make_report()
    row.state, row.closed_at, row.closed_by = ReportState.CLOSED, timezone.now(), make_user()
    with translation.override("en"):
        with pytest.raises(ValidationError) as caught:
            row.full_clean()
        assert "Write a note before you close the report." in caught.value.messages


@pytest.mark.parametrize("missing", ["note", "closed_by", "closed_at"])
def test_database_refuses_a_closed_report_without(missing: str) -> None:
    row = make_report()
    closed = {"state": ReportState.CLOSED, "note": "Corrected.", "closed_at": timezone.now(), "closed_by": make_user()}
    closed[missing] = "" if missing == "note" else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=row.pk).update(**closed)


def test_report_is_closed_with_note_person_and_time() -> None:
    row, person = make_report(), make_user()
    row.state, row.note, row.closed_at, row.closed_by = ReportState.CLOSED, "Corrected.", timezone.now(), person
    row.full_clean()
    row.save()
    assert Report.objects.get(state=ReportState.CLOSED).closed_by == person


def test_person_who_closed_a_report_cannot_be_deleted() -> None:
    person = make_user()
    make_report(state=ReportState.CLOSED, note="Corrected.", closed_at=timezone.now(), closed_by=person)
    with pytest.raises(ProtectedError):
        person.delete()


def test_time_of_a_report_is_the_clock_s(client: Client, step: Step, japan_noon: Callable[[date], None]) -> None:
    japan_noon(date(2026, 11, 23))
    send(client)
    assert Report.objects.get().sent_at.date() == date(2026, 11, 23)
