"""Markets of any size, filled in by set-based SQL: what triggers would derive is derived in bulk.

Words are drawn from a few hundred Arabic, French and English ones in many inflections, the first
far more often than the last, as in real texts; names from a few dozen that combine.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from uuid import UUID, uuid4

import psycopg

from bench.stage import Stage

PROVIDERS = 20_000

_STEMS = [
    "محاسب", "تصريح", "ضريبة", "جبائي", "ميزانية", "تدقيق", "فاتورة", "شركة", "مؤسسة", "خدمة",
    "استشارة", "قانون", "عقد", "أجور", "ضمان", "اجتماعي", "تمويل", "قرض", "بنك", "تكوين", "دورة",
    "تحليل", "تكلفة", "مخزون", "مبيعات", "مشتريات", "إدارة", "تسيير", "سجل", "تجاري", "مستورد", "مصدر",
    "صيدلية", "مقاول", "فلاح", "صناعي", "سياحة", "نقل", "تأمين", "رأسمال", "أرباح", "خسائر", "ديون",
    "أصول", "خصوم", "مراجعة", "مطابقة", "إعداد", "متابعة", "تقرير", "comptabilité", "déclaration",
    "fiscale", "bilan", "audit", "facture", "société", "entreprise", "conseil", "contrat", "paie",
    "sécurité", "financement", "crédit", "banque", "formation", "analyse", "coût", "stock", "vente",
    "achat", "gestion", "registre", "commerce", "importateur", "accounting", "tax", "filing",
    "payroll", "invoice", "company", "service", "consulting", "contract", "budget", "report",
    "compliance",
]  # fmt: skip
_FORMS = ["", "ال", "لل", "وال", "بال", "ات", "ين", "ية", "ها", "هم", "نا", "كم", "s", "al", "es", "e"]
_FIRST_NAMES = [
    "عبد", "القادر", "محمد", "أحمد", "فاطمة", "أمينة", "كريم", "يوسف", "سعاد", "نادية", "رشيد",
    "إلياس", "مريم", "Karim", "Amina", "Yacine", "Lynda", "Mourad", "Samia", "Nassim", "Hakim",
    "Djamila", "Sofiane", "Meriem", "Tarek",
]  # fmt: skip
_LAST_NAMES = [
    "بن", "يوسف", "بوزيد", "قاسمي", "حداد", "مرابط", "زروقي", "شريف", "دحماني", "Benali", "Bouzid",
    "Kaci", "Haddad", "Mansouri", "Zerrouki", "Cherif", "Dahmani", "Belkacem", "Ferhat", "Ouali",
    "Slimani", "Khelifi", "Hamidi",
]  # fmt: skip

_USERS = """
INSERT INTO accounts_user (id, password, is_superuser, email, full_name, phone, company_name, job_title,
    user_type, account_status, is_email_verified, language, created_at, updated_at)
SELECT gen_random_uuid(), '!', false, 'provider' || n || '@example.com',
    (%(first)s::text[])[1 + floor(random() * cardinality(%(first)s::text[]))] || ' ' ||
    (%(last)s::text[])[1 + floor(random() * cardinality(%(last)s::text[]))] || ' ' ||
    (%(last)s::text[])[1 + floor(random() * cardinality(%(last)s::text[]))],
    '', '', '', 'accountant', 'active', true, 'ar', now(), now()
FROM generate_series(1, %(providers)s) n
"""

_TEXTS = "COPY texts (n, id, owner, title, description) FROM STDIN"

# The first category goes round; every other service has the next one too.
_CHOSEN = """
INSERT INTO marketplace_service_categories (service_id, category_id)
SELECT t.id, c.id FROM texts t JOIN numbered c
ON c.place = t.n % 13 OR (t.n % 2 = 0 AND c.place = (t.n + 1) % 13)
"""

_SERVICES = """
INSERT INTO marketplace_service (id, user_id, service_type, is_course, title, description, location, price,
    price_description, estimated_duration, duration_unit, estimated_duration_description, delivery_method,
    tasks_and_responsibilities, conditions_requirements, is_active, is_featured, created_at, updated_at,
    is_listed, search_words)
SELECT t.id, owner, 'offered', n % 10 = 0, title, description, wilaya,
    CASE WHEN random() < 0.9 THEN 500 + floor(random() * 200000) END,
    '', 1 + floor(random() * 30), (ARRAY['hours', 'days', 'weeks', 'months'])[1 + floor(random() * 4)], '',
    'online', '{}', '{}', true, random() < 0.05, now() - n * interval '1 minute' * random(), now(),
    true, search_words(concat_ws(' ', title, description, u.full_name, wilaya, wilaya_names(wilaya),
        c.names, CASE WHEN n % 2 = 0 THEN d.names END))
FROM (SELECT *, lpad((1 + floor(random() * 58))::text, 2, '0') AS wilaya FROM texts) t
JOIN accounts_user u ON u.id = owner
JOIN numbered c ON c.place = n % 13 JOIN numbered d ON d.place = (n + 1) % 13
"""

_SCRATCH = """
CREATE TEMP TABLE texts (n integer, id uuid, owner uuid, title text, description text);
CREATE TEMP TABLE numbered AS
SELECT id, concat_ws(' ', name, name_ar, name_fr) AS names, row_number() OVER (ORDER BY name) - 1 AS place
FROM marketplace_category;
"""

_DERIVED = """
INSERT INTO marketplace_searchword (word)
SELECT DISTINCT unnest(search_words) FROM marketplace_service;
INSERT INTO marketplace_servicetally (service_type, is_course, delta)
SELECT service_type, is_course, count(*) FROM marketplace_service GROUP BY 1, 2;
"""

_SEARCH_INDEX = """
CREATE INDEX service_search ON marketplace_service USING gin (search_words) WHERE is_listed
"""

# What a peer without our derived columns would have.
_PEERS_INDEX = "CREATE INDEX peer_newest ON marketplace_service (created_at DESC, id DESC)"


_PREPARE = """
import json, os
from pathlib import Path
from core.accounts.models import User
from core.accounts.actions.sessions import Device, open_session
from core.marketplace import browse, filters
user, _ = User.objects.get_or_create(
    email="bench@example.com", defaults={"user_type": "client", "account_status": "active"})
place = browse.Place(filters.Filters(), browse.NEWEST, 1, None)
statement = browse.page_statement(browse.browsed_by(user), place)
Path(os.environ["BENCH_STATEMENT"]).write_text(json.dumps(statement))
print(open_session(user=user, device=Device()).access)
"""


@dataclass(frozen=True, slots=True)
class Market:
    """A filled database: the stage of what serves it, and somebody's access token."""

    stage: Stage
    token: str


def market_of(stage: Stage, count: int) -> Market:
    """The market of so many services on the stage's server: the one that was kept there, or a new one."""
    name = f"market_{count}"
    url = f"{stage.database_url.rpartition('/')[0]}/{name}"
    with psycopg.connect(stage.database_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(f"CREATE DATABASE {name}_new")
            stage.on(DATABASE_URL=f"{url}_new").migrate()
            _fill(f"{url}_new", count)
            connection.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
    stage = stage.on(DATABASE_URL=url, BENCH_STATEMENT=str(stage.folder / "statement.json"))
    stage.migrate()
    return Market(stage, stage.shell(_PREPARE))


def _fill(url: str, count: int) -> None:
    """Fill a migrated, empty database with so many offered services, a tenth of them courses."""
    providers = min(PROVIDERS, count)
    names = {"first": _FIRST_NAMES, "last": _LAST_NAMES, "providers": providers}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'; SELECT setseed(0.5)")
        connection.execute("DROP INDEX service_search")
        connection.execute(_USERS, names)
        owners = [row[0] for row in connection.execute("SELECT id FROM accounts_user")]
        connection.execute(_SCRATCH)
        with connection.cursor().copy(_TEXTS) as copy:
            for row in _texts(count, owners):
                copy.write_row(row)
        connection.execute("ANALYZE texts")
        connection.execute(_SERVICES)
        connection.execute(_CHOSEN)
        connection.execute(_DERIVED)
        connection.execute(_SEARCH_INDEX)
        connection.execute(_PEERS_INDEX)
        connection.execute("VACUUM (FREEZE, ANALYZE)")


def _texts(count: int, owners: list[UUID]) -> Iterator[tuple[int, UUID, UUID, str, str]]:
    """Number, id, owner, title of five words and description of thirty."""
    draw = random.Random(5)
    prefixes, suffixes = _FORMS[:5], ("", *_FORMS[5:])
    words = [prefix + stem + suffix for suffix in suffixes for prefix in prefixes for stem in _STEMS]
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    for number in range(1, count + 1):
        drawn = draw.choices(words, cum_weights=weights, k=35)
        yield number, uuid4(), draw.choice(owners), " ".join(drawn[:5]), " ".join(drawn[5:])
