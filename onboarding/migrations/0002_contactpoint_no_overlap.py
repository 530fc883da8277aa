from django.db import migrations, models

import wpiforum.provenance.constraints


class Migration(migrations.Migration):

    dependencies = [
        ("onboarding", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contactpoint",
            name="key",
            field=models.SlugField(max_length=80, verbose_name="key"),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=wpiforum.provenance.constraints.NoOverlap(
                condition=models.Q(("confirmed_at__isnull", False)),
                name="onboarding_contactpoint_no_overlap",
                scope=("key",),
                violation_error_message="This contact point is already in effect at that time. End it first.",
            ),
        ),
    ]
