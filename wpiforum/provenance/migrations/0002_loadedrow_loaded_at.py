import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="loadedrow",
            name="loaded_at",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now),
        ),
    ]
