from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("workshop", "0003_what_was_agreed_before")]
    operations = [
        migrations.RemoveField(
            model_name="qualitycheck",
            name="points",
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("discount_fen", 0),
                    Q(("discount_fen__gt", 0), Q(("discount_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="quotation_line_discount_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.CheckConstraint(
                condition=Q(("decision__in", ["open", "agreed", "declined"])), name="quotation_line_decision_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("consent__isnull", True), ("decided_at__isnull", True), ("decision", "open")),
                    Q(
                        Q(("decision", "open"), _negated=True),
                        ("consent__isnull", False),
                        ("decided_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="quotation_line_answer_has_proof",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.CheckConstraint(
                condition=Q(("done_at__isnull", True), ("decision", "agreed"), _connector="OR"),
                name="quotation_line_done_only_if_agreed",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("choice", ""), ("option", "")),
                    Q(Q(("choice", ""), _negated=True), Q(("option", ""), _negated=True)),
                    _connector="OR",
                ),
                name="quotation_line_option_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.UniqueConstraint(
                condition=Q(("offered_from__isnull", False)),
                fields=("order", "offered_from"),
                name="quotation_line_offered_once_per_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("offered_from__isnull", True), Q(("offered_from", F("id")), _negated=True), _connector="OR"
                ),
                name="quotation_line_not_offered_from_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairorder",
            constraint=models.CheckConstraint(
                condition=Q(
                    (
                        "line_count__gte",
                        F("open_count") + F("agreed_count"),
                    )
                ),
                name="order_lines_add_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairorder",
            constraint=models.CheckConstraint(
                condition=Q(("repeat_of__isnull", True), Q(("repeat_of", F("id")), _negated=True), _connector="OR"),
                name="order_not_its_own_repeat",
            ),
        ),
    ]
