"""Who may do what: the roles as data, asked by verbs, staff pages and tests; seeded as groups by a migration."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wpiforum.publishing.choices import Verb

_WRITING = {Verb.SAVE_DRAFT, Verb.SUBMIT}
_TEXTS = {Verb.EXPORT, Verb.IMPORT}


class Role(NamedTuple):
    """One role: its acts on root rows, the plain staff actions on rows, and its limits.

    `language`: writes only the texts of that language. `is_assigned`: only rows that belong to an assigned row.
    """

    name: str
    label: str | Promise
    acts: frozenset[Verb]
    actions: frozenset[str]
    language: str = ""
    is_assigned: bool = False


def _translator(code: str, label: Any) -> Role:
    acts = frozenset(_WRITING | _TEXTS | {Verb.CONFIRM_TRANSLATION})
    return Role(f"translator_{code}", label, acts, frozenset({"view", "change"}), language=code)


ROLES: tuple[Role, ...] = (
    _translator("ja", _("translator into Japanese")),
    _translator("en", _("translator into English")),
    Role(
        "center_editor",
        _("editor of a center"),
        frozenset(_WRITING | _TEXTS | {Verb.MARK_CHECKED}),
        frozenset({"view", "add", "change"}),
        is_assigned=True,
    ),
    Role(
        "editor",
        _("editor"),
        frozenset(
            _WRITING
            | _TEXTS
            | {
                Verb.DISCARD,
                Verb.RESTORE,
                Verb.MARK_CHECKED,
                Verb.CONFIRM,
                Verb.CONFIRM_TRANSLATION,
                Verb.SHARE_PREVIEW,
            }
        ),
        frozenset({"view", "add", "change", "delete"}),
    ),
    Role(
        "reviewer",
        _("reviewer"),
        frozenset({Verb.SEND_BACK, Verb.APPROVE, Verb.WAIVE, Verb.CONFIRM, Verb.MARK_CHECKED, Verb.SHARE_PREVIEW}),
        frozenset({"view"}),
    ),
    Role(
        "publisher",
        _("publisher"),
        frozenset({Verb.PUBLISH, Verb.SCHEDULE, Verb.UNSCHEDULE, Verb.UNPUBLISH, Verb.SHARE_PREVIEW}),
        frozenset({"view"}),
    ),
    Role("administrator", _("administrator"), frozenset(Verb), frozenset({"view", "add", "change", "delete"})),
)
BY_NAME = {role.name: role for role in ROLES}
ADMINISTRATOR = "administrator"
# What only administrators see and change: people and their roles.
_ADMINISTERED = {"auth"}
# The record of acts is read, never written.
_READ_ONLY = {"publishing"}
# What takes effect as it is saved, for minutes may count, is the publishers'.
_ANNOUNCED = {"notices"}
# Not an app: "texts.write_en" asks for the texts of one language of a row, "texts.write_all" for everything of it.
_TEXTS_OF = "texts"


def roles_of(user: Any) -> list[Role]:
    """Return a person's roles; remembered for the request, since every button asks."""
    if not user.is_active or not user.is_staff:
        return []
    if not hasattr(user, "_portal_roles"):
        names = set(user.groups.values_list("name", flat=True))
        user._portal_roles = [role for role in ROLES if role.name in names]
    found: list[Role] = user._portal_roles
    return found


def _assigned(user: Any) -> set[Any]:
    if not hasattr(user, "_portal_assigned"):
        user._portal_assigned = set(user.assignments.values_list("object_id", flat=True))
    found: set[Any] = user._portal_assigned
    return found


def scope(row: Any) -> set[Any]:
    """Return the keys of rows whose assigned editors may edit this one."""
    if hasattr(row, "belongs_to"):
        return set(row.belongs_to())
    return {row.center_id} if getattr(row, "center_id", None) else set()


def _reaches(role: Role, user: Any, row: Any) -> bool:
    return not role.is_assigned or row is None or bool(scope(row) & _assigned(user))


def may(user: Any, verb: str, row: Any = None, *, language: str = "") -> bool:
    """Tell whether a person may do an act on a row; for texts of one language, name it. Own work is asked elsewhere."""
    if user.is_active and user.is_superuser:
        return True
    return any(
        verb in role.acts and _reaches(role, user, row) and role.language in {"", language or role.language}
        for role in roles_of(user)
    )


def writable_languages(user: Any, row: Any = None) -> set[str] | None:
    """Return the languages whose texts a person may write; None if everything of the row, texts or not."""
    if user.is_superuser:
        return None
    found = [role for role in roles_of(user) if Verb.SAVE_DRAFT in role.acts and _reaches(role, user, row)]
    if any(not role.language for role in found):
        return None
    return {role.language for role in found}


class RoleBackend(BaseBackend):
    """Answers Django's questions about permissions from the roles, so that code alone says what a role may do."""

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        app, _dot, name = perm.partition(".")
        action, _underscore, what = name.partition("_")
        if app == _TEXTS_OF:
            if obj is not None and obj._meta.app_label in _ANNOUNCED:
                return may(user_obj, Verb.PUBLISH)
            codes = writable_languages(user_obj, obj)
            return codes is None or what in codes
        if app in _ANNOUNCED and action != "view":
            return may(user_obj, Verb.PUBLISH)
        if app in _ADMINISTERED or (what == "assignment" and action != "view"):
            return any(role.name == ADMINISTRATOR for role in roles_of(user_obj))
        if app in _READ_ONLY:
            return action == "view" and bool(roles_of(user_obj))
        roles = [role for role in roles_of(user_obj) if action in role.actions and _reaches(role, user_obj, obj)]
        if action == "add" and obj is None and not _can_be_assigned(app, what):
            roles = [role for role in roles if not role.is_assigned]
        return app in content_apps() and bool(roles)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        known = content_apps() | _READ_ONLY | _ADMINISTERED
        return app_label in known and self.has_perm(user_obj, f"{app_label}.view_anything")


def _can_be_assigned(app: str, name: str) -> bool:
    """Tell whether new rows of a kind can belong to an assigned row: those that name their center."""
    return hasattr(apps.get_model(app, name), "center_id")


def content_apps() -> set[str]:
    """Return the labels of apps whose rows staff edit."""
    return {config.label for config in apps.get_app_configs() if getattr(config, "is_content", False)}


def table() -> Iterator[tuple[Verb, dict[str, bool]]]:
    """Yield each act with the roles that may do it, as the handbook prints it."""
    for verb in Verb:
        if verb not in {Verb.SIGN_IN, Verb.ACCOUNT}:
            yield verb, {role.name: verb in role.acts for role in ROLES}
