"""Who and what the demo data set holds."""

from dataclasses import dataclass
from decimal import Decimal

from core.marketplace.actions import ServiceDetails


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    user_type: str
    full_name: str
    phone: str
    location: str
    about: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A service of a person, in the category of this English name."""

    owner: str
    category: str
    details: ServiceDetails
    is_course: bool = False


AMINA, KARIM, SOFIA, LINA, OMAR = (
    f"{name}@demo.example" for name in ("amina", "karim", "sofia", "lina", "omar")
)

PEOPLE = (
    Person(
        KARIM, "accountant", "كريم بن يوسف", "+213661000001", "16", "محاسب معتمد في الجزائر العاصمة منذ 2009."
    ),
    Person(
        SOFIA,
        "accountant",
        "Sofia Haddad",
        "+213661000002",
        "31",
        "Expert-comptable à Oran, fiscalité des PME.",
    ),
    Person(AMINA, "client", "أمينة للتوزيع", "+213661000003", "31", "توزيع المواد الغذائية"),
    Person(OMAR, "client", "Omar Textiles", "+213661000004", "25", "Commerce de textile"),
    Person(LINA, "academic", "Lina Mansouri", "+213661000005", "16", "Étudiante en finance à Alger."),
)

OFFERS = (
    Offer(
        KARIM,
        "Tax Declarations",
        {
            "title": "إعداد التصريح الجبائي الشهري (IRG, TVA, IBS)",
            "description": "أوفر خدمة إعداد وتقديم التصريحات الجبائية الشهرية للشركات والتجار.",
            "location": "16",
            "price": Decimal(8000),
            "price_description": "ابتداء من 8000 دج",
            "estimated_duration": 2,
        },
    ),
    Offer(
        SOFIA,
        "Bookkeeping",
        {
            "title": "Tenue de comptabilité pour PME",
            "description": "Saisie, rapprochements, déclarations G50 et bilan annuel, à Oran ou en ligne.",
            "location": "31",
            "price": Decimal(15000),
            "estimated_duration": 1,
            "duration_unit": "months",
        },
    ),
    Offer(
        SOFIA,
        "Training and Courses",
        {
            "title": "Accounting Fundamentals Course",
            "description": "Bookkeeping, financial statements and taxes in eight weeks, with exercises.",
            "location": "online",
            "price": Decimal(15000),
            "estimated_duration": 8,
            "duration_unit": "weeks",
        },
        is_course=True,
    ),
    Offer(
        AMINA,
        "Tax Declarations",
        {
            "title": "نبحث عن محاسب معتمد للتصريحات الشهرية",
            "description": "شركة توزيع مواد غذائية في وهران تبحث عن محاسب معتمد لتصريحاتها الجبائية.",
            "location": "31",
            "price": Decimal(10000),
            "tasks_and_responsibilities": ["جمع وتحليل الوثائق المالية", "إعداد التصريحات الضريبية"],
            "conditions_requirements": ["محاسب معتمد", "الالتزام بالسرية"],
        },
    ),
)

CHAT = (
    (AMINA, "السلام عليكم، هل يمكنكم تولي تصريح هذا الشهر؟"),
    (KARIM, "وعليكم السلام، نعم. أرسلي لي فواتير الشهر من فضلك."),
    (AMINA, "Parfait, je vous les envoie ce soir."),
)
GROUP = "Accounting Fundamentals: the class"
CLASS_CHAT = (
    (SOFIA, "Welcome! We start on Sunday at 18:00."),
    (LINA, "Merci, à dimanche !"),
)
