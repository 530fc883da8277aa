import django.db.models.deletion
import wpiforum.provenance.constraints
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def keep_in_effect(apps, schema_editor):
    """What readers saw before the rule of two persons, they see after it."""
    now = timezone.now()
    apps.get_model("onboarding", "EmergencyCard").objects.update(live_from=now)
    for name in ("PointItem", "SlotValue"):
        apps.get_model("onboarding", name).objects.update(confirmed_at=now)


class Migration(migrations.Migration):

    dependencies = [
        ('centers', '0002_initial'),
        ('onboarding', '0003_status'),
        ('provenance', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='pointitem',
            name='onboarding_pointitem_no_overlap',
        ),
        migrations.RemoveConstraint(
            model_name='slotvalue',
            name='onboarding_slotvalue_once',
        ),
        migrations.AddField(
            model_name='emergencycard',
            name='live_from',
            field=models.DateTimeField(blank=True, help_text='Empty: not public. Japan time.', null=True, verbose_name='live from'),
        ),
        migrations.AddField(
            model_name='emergencycard',
            name='live_until',
            field=models.DateTimeField(blank=True, help_text='Empty: stays public. Japan time.', null=True, verbose_name='live until'),
        ),
        migrations.AddField(
            model_name='pointitem',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='confirmed at'),
        ),
        migrations.AddField(
            model_name='pointitem',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='pointitem',
            name='entered_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
        ),
        migrations.AddField(
            model_name='pointitem',
            name='replaces',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='corrections', to='onboarding.pointitem', verbose_name='replaces'),
        ),
        migrations.AddField(
            model_name='slotvalue',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='confirmed at'),
        ),
        migrations.AddField(
            model_name='slotvalue',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='slotvalue',
            name='entered_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
        ),
        migrations.AddField(
            model_name='slotvalue',
            name='replaces',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='corrections', to='onboarding.slotvalue', verbose_name='replaces'),
        ),
        migrations.RunPython(keep_in_effect, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='emergencycard',
            constraint=models.CheckConstraint(condition=models.Q(('live_until__isnull', True), models.Q(('live_from__isnull', False), ('live_until__gt', models.F('live_from'))), _connector='OR'), name='onboarding_emergencycard_live_order', violation_error_message='“Live until” must be after “live from”.'),
        ),
        migrations.AddConstraint(
            model_name='pointitem',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), ('entered_by__isnull', True), models.Q(('confirmed_by', models.F('entered_by')), _negated=True), _connector='OR'), name='onboarding_pointitem_second_person', violation_error_message='Somebody else has to confirm what you entered.'),
        ),
        migrations.AddConstraint(
            model_name='pointitem',
            constraint=wpiforum.provenance.constraints.NoOverlap(condition=models.Q(('confirmed_at__isnull', False)), name='onboarding_pointitem_no_overlap', scope=('key',), violation_error_message='The row with this key already covers part of this time. End it first.'),
        ),
        migrations.AddConstraint(
            model_name='slotvalue',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), ('entered_by__isnull', True), models.Q(('confirmed_by', models.F('entered_by')), _negated=True), _connector='OR'), name='onboarding_slotvalue_second_person', violation_error_message='Somebody else has to confirm what you entered.'),
        ),
        migrations.AddConstraint(
            model_name='slotvalue',
            constraint=models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('slot', 'center'), name='onboarding_slotvalue_once', violation_error_message='This center has already filled this in.'),
        ),
    ]
