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


@dataclass(frozen=True, slots=True)
class Request:
    """A booking of the offer of this title, and what became of it."""

    requester: str
    title: str
    status: str
    notes: str = ""


AMINA, KARIM, SOFIA, LINA, OMAR, YACINE, NOUR = (
    f"{name}@demo.example" for name in ("amina", "karim", "sofia", "lina", "omar", "yacine", "nour")
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
    Person(YACINE, "academic", "ياسين مرابط", "+213661000006", "25", "طالب ماستر محاسبة في قسنطينة."),
    Person(NOUR, "admin", "Nour Administration", "+213661000007", "", ""),
)

TAXES, BOOKS, COURSE, WANTED, PAYROLL = (
    "إعداد التصريح الجبائي الشهري (IRG, TVA, IBS)",
    "Tenue de comptabilité pour PME",
    "Accounting Fundamentals Course",
    "نبحث عن محاسب معتمد للتصريحات الشهرية",
    "Cherche comptable pour la paie de 12 salariés",
)

OFFERS = (
    Offer(
        KARIM,
        "Tax Declarations",
        {
            "title": TAXES,
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
            "title": BOOKS,
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
            "title": COURSE,
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
            "title": WANTED,
            "description": "شركة توزيع مواد غذائية في وهران تبحث عن محاسب معتمد لتصريحاتها الجبائية.",
            "location": "31",
            "price": Decimal(10000),
            "tasks_and_responsibilities": ["جمع وتحليل الوثائق المالية", "إعداد التصريحات الضريبية"],
            "conditions_requirements": ["محاسب معتمد", "الالتزام بالسرية"],
        },
    ),
    Offer(
        OMAR,
        "Payroll and Social Security",
        {
            "title": PAYROLL,
            "description": "Atelier de textile à Constantine : bulletins de paie et CNAS chaque mois.",
            "location": "25",
            "price": Decimal(12000),
            "tasks_and_responsibilities": ["Bulletins de paie", "Déclarations CNAS"],
            "conditions_requirements": ["Deux ans d'expérience"],
        },
    ),
)

REQUESTS = (
    Request(AMINA, TAXES, "confirmed", "فواتير شهر أكتوبر جاهزة."),
    Request(OMAR, TAXES, "pending", "Est-ce possible avant le 20 du mois ?"),
    Request(OMAR, BOOKS, "declined", "Nous avons deux ateliers."),
    Request(AMINA, BOOKS, "pending"),
    Request(LINA, COURSE, "confirmed"),
    Request(YACINE, COURSE, "pending", "هل تُعطى شهادة في النهاية؟"),
    Request(SOFIA, WANTED, "declined"),
    Request(KARIM, WANTED, "pending", "خبرة خمس عشرة سنة في التصريحات الجبائية."),
    Request(KARIM, PAYROLL, "confirmed"),
)
