"""Seed the roles as groups; what each may do is said in wpiforum/publishing/permissions.py."""

from django.db import migrations

# As of this migration; a role that comes later seeds itself in one of its own.
NAMES = ["translator_ja", "translator_en", "center_editor", "editor", "reviewer", "publisher", "administrator"]


def seed(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in NAMES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
