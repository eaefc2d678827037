"""What the demo's people have said to one another."""

from dataclasses import dataclass
from datetime import timedelta

from core.demo.cast import AMINA, KARIM, LINA, OMAR, SOFIA, YACINE


@dataclass(frozen=True, slots=True)
class Talk:
    """Lines in one room: who, what. The last ended so long ago; the last `unread` nobody has read yet.

    picture: who sends one at the end.
    """

    lines: tuple[tuple[str, str], ...]
    ended: timedelta
    unread: int = 0
    picture: str = ""


GROUP = "Accounting Fundamentals: the class"
GROUP_ABOUT = "Sundays at 18:00. Exercises, answers and questions between two lessons."
GROUP_MEMBERS = (LINA, YACINE, KARIM)

DIRECT = {
    (AMINA, KARIM): Talk(
        (
            (AMINA, "السلام عليكم، هل يمكنكم تولي تصريح هذا الشهر؟"),
            (KARIM, "وعليكم السلام، نعم. أرسلي لي فواتير الشهر من فضلك."),
            (AMINA, "Parfait, je vous les envoie ce soir."),
            (KARIM, "شكراً. آخر أجل هو يوم 20، لدينا وقت كافٍ."),
            (AMINA, "هل تحتاجون كشف الحساب البنكي أيضاً؟"),
            (KARIM, "نعم، كشف شهر أكتوبر وحده يكفي."),
            (AMINA, "تم. أرسلت كل شيء إلى بريدكم الإلكتروني."),
            (AMINA, "هل وصلتكم الملفات؟"),
        ),
        ended=timedelta(minutes=25),
        unread=2,
    ),
    (OMAR, SOFIA): Talk(
        (
            (OMAR, "Bonjour, prenez-vous encore des clients à Constantine ?"),
            (SOFIA, "Bonjour Omar ! Oui, en ligne. Combien d'écritures par mois ?"),
            (OMAR, "À peu près 150, sur deux ateliers."),
            (SOFIA, "C'est un peu trop pour moi en ce moment, hélas. Je vous recommande Karim."),
            (OMAR, "Merci, je lui écris."),
        ),
        ended=timedelta(hours=27),
    ),
    (LINA, YACINE): Talk(
        (
            (YACINE, "هل حللتِ التمرين الثالث؟"),
            (LINA, "Oui, la TVA déductible passe au débit du 4456."),
            (YACINE, "آه، كنت أضعها في الدائن. شكراً!"),
        ),
        ended=timedelta(hours=3),
        unread=1,
    ),
    (LINA, SOFIA): Talk(
        (
            (LINA, "Bonjour, le cours de dimanche sera-t-il enregistré ?"),
            (SOFIA, "Bonjour Lina, oui, le lien sera dans le groupe lundi matin."),
        ),
        ended=timedelta(hours=50),
    ),
}

CLASS_TALK = Talk(
    (
        (SOFIA, "Welcome! We start on Sunday at 18:00."),
        (LINA, "Merci, à dimanche !"),
        (YACINE, "شكراً أستاذة، نحن جاهزون."),
        (SOFIA, "Bring a calculator, and last year's balance sheet of any company you like."),
        (YACINE, "هل يمكن أن تكون شركة أجنبية؟"),
        (SOFIA, "Of course. Sonatrach and Renault both publish theirs."),
        (LINA, "Je prends Cevital."),
        (KARIM, "سأحضر الدرس الأول لأحدثكم عن التصريح G50."),
        (SOFIA, "That would be wonderful, thank you Karim!"),
        (SOFIA, "Exercise 1: record a purchase of 120,000 DA with 19% VAT, paid by cheque."),
        (LINA, "Le chèque, c'est le compte 512 ?"),
        (SOFIA, "Exactly. And the supplier's account is cleared."),
        (YACINE, "وإذا كان الدفع بعد شهر؟"),
        (SOFIA, "Then 401 keeps the debt until the day you pay."),
        (LINA, "Compris !"),
        (SOFIA, "Exercise 2: the same purchase, but 10% of the goods are sent back."),
        (YACINE, "نعكس القيد بنسبة عشرة بالمائة، مع الرسم."),
        (KARIM, "أحسنت يا ياسين، ولا تنسَ إشعار الدائن."),
        (LINA, "Un avoir, en français."),
        (SOFIA, "Two languages in one answer, I like that."),
        (SOFIA, "Exercise 3 is in the book, page 41. We compare on Sunday."),
        (LINA, "Page 41 ou 42 ? Chez moi la 41 est blanche."),
        (SOFIA, "42, sorry!"),
        (YACINE, "وجدتها، شكراً لينا."),
        (KARIM, "تصريح G50 قبل اليوم العشرين من كل شهر. لا تتأخروا."),
        (LINA, "Même quand le 20 est un vendredi ?"),
        (KARIM, "نعم، ولذلك نرسله يوم 18 دائماً."),
        (SOFIA, "Here is the chart we look at on Sunday: VAT collected and deducted, month by month."),
    ),
    ended=timedelta(minutes=8),
    unread=2,
    picture=SOFIA,
)
