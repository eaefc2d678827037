"""The categories a new installation starts with, in English, French and Arabic."""

from typing import Any

from django.db import migrations

_CATEGORIES = (
    ("Accounting", "Comptabilité", "المحاسبة"),
    ("Auditing", "Audit et commissariat aux comptes", "التدقيق ومحافظة الحسابات"),
    ("Bookkeeping", "Tenue de livres", "مسك الدفاتر"),
    ("Business Creation", "Création d'entreprise", "إنشاء المؤسسات"),
    ("Cost Accounting", "Comptabilité analytique", "المحاسبة التحليلية"),
    ("Financial Analysis", "Analyse financière", "التحليل المالي"),
    ("Financial Consulting", "Conseil financier", "الاستشارات المالية"),
    ("Financial Statements", "Bilans et états financiers", "الميزانيات والقوائم المالية"),
    ("Payroll and Social Security", "Paie et sécurité sociale", "الأجور والضمان الاجتماعي"),
    ("Tax and Legal Compliance", "Conformité fiscale et juridique", "الامتثال الجبائي والقانوني"),
    ("Tax Declarations", "Déclarations fiscales", "التصريحات الجبائية"),
    ("Tax Preparation", "Préparation fiscale", "الإعداد الضريبي"),
    ("Training and Courses", "Formation et cours", "التكوين والدورات"),
)


def seed(apps: Any, schema_editor: Any) -> None:
    category = apps.get_model("marketplace", "Category")
    for name, french, arabic in _CATEGORIES:
        category.objects.get_or_create(name=name, defaults={"name_fr": french, "name_ar": arabic})


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0002_derived")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
