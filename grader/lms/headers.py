"""What the columns of a list of the class mean, by their headers in the languages of Moodle; Canvas's are never translated.

The words are those of Moodle's language packs (assign.php, moodle.php).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# In every language: of tables of one's own, of Canvas's gradebook, of GitHub Classroom's list.
EVERYWHERE = {
    "id": ("student id", "studentid", "gradebook id", "nbgrader id"),
    "login": ("sis login id", "username", "user name", "login", "login id"),
    "number": ("id number", "idnumber", "sis user id", "sis id", "matriculation number", "student number"),
    "email": ("email address", "email", "e mail", "e mail address", "mail"),
    "participant": ("identifier",),
    "name": ("student", "full name", "fullname", "user full name", "name"),
    "first": ("first name", "firstname", "given name"),
    "last": ("last name", "lastname", "surname", "family name"),
    "submitted": ("last modified (submission)",),
    "group": ("group", "groups", "team"),
    "github": ("github username", "github login", "github"),
    "status": ("status",),
    "grade": ("grade",),
    "maximum": ("maximum grade",),
    "graded": ("last modified (grade)",),
}
_ORDER = ("participant", "name", "email", "status", "grade", "maximum", "submitted", "graded", "group", "number", "login", "first", "last")
# Per language, in this order; several words for one meaning stand side by side, with | between them.
_WORDS = {
    "es": (
        "Identificador", "Nombre completo|Nombre completo del usuario", "Dirección de correo|Dirección de correo electrónico|Dirección Email|Correo electrónico", "Estado",
        "Calificación", "Calificación máxima", "Última modificación (entrega)|Última modificación (envío)", "Última modificación (calificación)", "Grupo|Grupos",
        "Número de ID", "Nombre de usuario", "Nombre|Nombre(s)", "Apellido(s)|Apellidos|Apellido",
    ),
    "pt": (
        "Identificador|Número de identificação", "Nome completo|Nome completo do utilizador|Nome completo do usuário", "E-mail|Endereço de e-mail|Endereço de email", "Estado|Status",
        "Avaliação|Nota", "Nota máxima", "Última atualização (submissão)|Última modificação (envio)|Última modificação (submissão)",
        "Última atualização (avaliação)|Última modificação (nota)", "Grupo|Grupos", "Número de identificação (ID)|Número ID|Número de identificação do usuário",
        "Nome de utilizador|Identificação de usuário|Nome de usuário", "Nome|Primeiro nome", "Apelido|Sobrenome|Último nome",
    ),
    "de": (
        "ID", "Vollständiger Name", "E-Mail-Adresse|E-Mail", "Status", "Bewertung", "Bestwertung", "Zuletzt geändert (Abgabe)", "Zuletzt geändert (Bewertung)", "Gruppe|Gruppen",
        "ID-Nummer|Matrikelnummer", "Anmeldename|Benutzername", "Vorname", "Nachname",
    ),
    "fr": (
        "Identifiant", "Nom complet|Nom complet de l’utilisateur|Nom complet de l'utilisateur", "Adresse de courriel|Adresse e-mail|Courriel", "Statut", "Note", "Note maximale",
        "Dernière modification (travail remis)", "Dernière modification (note)", "Groupe|Groupes", "Numéro d’identification|Numéro d'identification",
        "Nom d’utilisateur|Nom d'utilisateur", "Prénom", "Nom|Nom de famille",
    ),
    "it": (
        "Identificativo", "Nome completo dell'utente|Nome completo", "Indirizzo email|Indirizzo e-mail", "Stato", "Valutazione", "Valutazione massima", "Ultima modifica (consegna)",
        "Ultima modifica (valutazione)", "Gruppo|Gruppi", "Codice identificativo|Matricola", "Username|Nome utente", "Nome", "Cognome",
    ),
    "ru": (
        "Идентификатор", "Полное имя|Полное имя пользователя", "Адрес электронной почты", "Статус", "Оценка", "Максимальная оценка", "Последнее изменение (ответ)",
        "Последнее изменение (оценка)", "Группа|Группы", "Индивидуальный номер", "Логин", "Имя", "Фамилия",
    ),
    "ja": (
        "ID", "フルネーム|ユーザフルネーム|氏名", "メールアドレス", "ステータス|ステイタス", "評点|評定", "最大評点|最大評定", "最終更新日時 (提出)", "最終更新日時 (評定)|最終更新日時 (評点)", "グループ", "IDナンバ|IDナンバー",
        "ユーザ名|ユーザー名", "名", "姓",
    ),
    "zh": (
        "标识符|識別碼|编号", "全名|用户全名", "电子邮件地址|電子郵件地址|Email地址", "状态|狀態", "成绩|成績", "最高分|最高分數", "上次修改（作业）|最后修改（作业）", "上次修改（评分）|最后修改（评分）", "小组|群組", "学号|學號|ID号码",
        "用户名|用戶名", "名", "姓",
    ),
    "ar": (
        "المُعرَّف|المعرف", "الاسم كاملا|ًالاسم كاملا|الاسم الكامل", "عنوان البريد الإلكتروني|البريد الإلكتروني", "الحالة", "الدرجة|التقدير", "أعلى تقدير|الدرجة القصوى", "آخر تعديل (التسليم)",
        "آخر تعديل (التقدير)", "المجموعة|مجموعة|المجموعات", "رقم المُعرَّف|رقم المعرف", "اسم المستخدم", "الاسم الأول", "الاسم الأخير",
    ),
    "nl": (
        "Identificatie", "Volledige naam|Volledige naam van de gebruiker", "E-mailadres", "Status", "Cijfer", "Maximaal cijfer", "Laatst gewijzigd (inzending)",
        "Laatst gewijzigd (beoordeling)", "Groep|Groepen", "Nummer (ID)|ID-nummer", "Gebruikersnaam", "Voornaam", "Achternaam",
    ),
    "tr": (
        "Tanımlayıcı", "Tam adı|Kullanıcının tam adı", "E-posta adresi|E-posta", "Durum", "Not", "Enyüksek not|En yüksek not", "Son düzenleme (gönderim)", "Son düzenleme (not)", "Grup|Gruplar",
        "ID numarası", "Kullanıcı adı", "Adı|Ad", "Soyadı|Soyad",
    ),
    "ca": (
        "Identificador", "Nom complet|Nom complet de l'usuari", "Adreça electrònica", "Estat", "Qualificació", "Qualificació màxima", "Darrera modificació (tramesa)",
        "Darrera modificació (qualificació)", "Grup|Grups", "Número ID", "Nom d'usuari", "Nom", "Cognoms",
    ),
    "uk": (
        "Ідентифікатор", "Повна назва|Повне ім'я користувача|Повне ім'я", "Електронна пошта", "Статус", "Оцінка", "Максимальна оцінка", "Востаннє змінювалося (здача)",
        "Востаннє змінювалося (оцінка)", "Група|Групи", "Індивідуальний номер", "Ім’я входу", "Ім'я", "Прізвище",
    ),
    "sv": (
        "Identifierare", "Fullständigt namn", "E-postadress", "Status", "Betyg", "Maxbetyg", "Senast modifierat (inlämning)", "Senast modifierat (betyg)", "Grupp|Grupper", "ID nummer",
        "Användarnamn", "Förnamn", "Efternamn",
    ),
    "el": (
        "Αναγνωριστικό", "Πλήρες όνομα|Πλήρες όνομα χρήστη", "Διεύθυνση ηλε.ταχυδρομείου", "Κατάσταση", "Βαθμός", "Μέγιστος Βαθμός", "Τελευταία τροποποιημένη (υποβολή)",
        "Τελευταία τροποποίηση (βαθμολόγηση)", "Ομάδα|Ομάδες", "Αναγνωριστικός αριθμός", "Όνομα χρήστη", "Μικρό/Βαπτιστικό όνομα|Όνομα", "Επίθετο|Επώνυμο",
    ),
    "ko": ("식별자", "전체 이름|사용자 성명", "이메일 주소", "상태", "성적", "최대 성적", "마지막 수정됨(제출)", "마지막 수정됨(성적)", "그룹|모둠", "id 번호", "사용자 아이디", "이름", "성"),
}  # fmt: skip
# What Moodle and Canvas call people whose names they hide.
HIDDEN = (
    "anon", "Participant", "Participante", "Teilnehmer/in", "Teilnehmer in", "Partecipante", "Участник", "参加者", "参与人", "المشارك", "Deelnemer", "Katılımcı", "Учасник", "Deltagare",
    "Συμμετέχοντας", "참가자",
)  # fmt: skip


def plain(header: str) -> str:
    """Return a header without case and punctuation."""
    return " ".join(re.sub(r"[\W_]+", " ", header.casefold()).split())


_COMMON = {plain(word): meaning for meaning, words in EVERYWHERE.items() for word in words}
LANGUAGES = {
    language: {plain(word): meaning for meaning, words in zip(_ORDER, columns, strict=True) for word in words.split("|")} for language, columns in _WORDS.items()
}


def meanings(header: Sequence[str]) -> dict[str, int]:
    """Return {meaning: column}, in the language that knows most of these headers; English words count in each.

    `ID` is Canvas's number beside Canvas's other columns, Moodle's number in a worksheet whose language calls it so, else the person's id.
    """
    cells = [plain(cell) for cell in header]

    def known(words: dict[str, str]) -> int:
        return len({words.get(cell) for cell in cells} - {None})

    best = max(LANGUAGES.values(), key=known)
    best = best if known(best) > known(_COMMON) else {}
    canvas = cells[:3] in (["student", "id", "sis user id"], ["student", "id", "sis login id"], ["student", "id", "section"], ["lastname", "firstname", "id"])
    found: dict[str, int] = {}
    for column, cell in enumerate(cells):
        meaning = "canvas" if canvas and cell == "id" else best.get(cell) or _COMMON.get(cell)
        if meaning and meaning not in found:
            found[meaning] = column
    if "participant" in found and ("github" in found or cells[found["participant"]] == "id") and not {"graded", "maximum", "submitted"} & set(found):
        found["id"] = found.pop("participant")
    if not canvas and "id" not in found and "participant" not in found and "id" in cells:
        found["id"] = cells.index("id")
    if "first" in found and not {"last", "name"} & set(found):
        found["name"] = found.pop("first")  # `Nome` alone is the whole name in Italian
    return found
