"""The words by which mail programs introduce what they quote or forward, by language.

All in lower case. fi, sv and en first, since most mail to a Finnish city is in these; then the
languages of the neighbours and of those who live here.
"""
# ruff: noqa: RUF001 (letters of other alphabets are meant)

from __future__ import annotations

# "wrote", as it stands in the line above a quote.
WROTE = (
    "kirjoitti kirjoittaa skrev skriver wrote writes schrieb schreibt geschrieben schreef"
    " schrijft escribió escribio escribe escreveu scritto scrive napisał napisała napisal napisala"
    " napísal napísala napsal napsala pisze píše написал написала пишет написав написала пише"
    " írta scris yazdı γράψε έγραψε γράφει kirjutas rakstīja parašė reiste pravio napisao je"
    " quoting lainaus lainaa citerar citat zitat citando citeren écrit ecrit"
    " 写道 寫道 作成 작성 viết כתב كتب"
).split()

# The first word of such a line, where it is no day of the week and no number.
ON = (
    "on at den d. am le el il op em dnia w dne dňa på vào kl klo a pada în в od alle"
    " ma ti ke to pe la su maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina"
    " sunnuntaina maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai"
    " mån tis ons tors tor fre lör sön måndag tisdag onsdag torsdag fredag lördag söndag"
    " mandag tirsdag lørdag søndag man tir lør søn"
    " mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday"
    " sunday mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag"
    " lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche"
    " mié mie jue vie sáb sab dom lunes martes miércoles jueves viernes sábado domingo"
    " gio lunedì martedì mercoledì giovedì venerdì sabato domenica"
    " seg ter qua qui sex segunda terça quarta quinta sexta"
    " wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
    " pon wt śr czw pt sob niedz po út st čt pá пн вт ср чт пт сб вс нд"
    " понедельник вторник среда четверг пятница суббота воскресенье e t k n r l p"
).split()

# The fields of a quoted mail's head, as programs name them.
LABELS = {
    "from": (
        "lähettäjä från from von de expéditeur expediteur da mittente od fra avsender van от"
        " от кого від od koho odosielateľ šalje pošiljatelj feladó kimden gönderen expeditor"
        " expeditorul remitente remetente afzender absender afsender nadawca saatja kellelt nuo"
        " από 发件人 寄件者 差出人 보낸_사람"
        " frá poslano_od dari từ de_la من จาก מאת"
    ),
    "date": (
        "message_du message_reçu lähetetty päivämäärä päiväys pvm skickat datum sent date gesendet"
        " envoyé envoye enviado enviada fecha data inviato verzonden dato sendt wysłano odesláno"
        " dátum odoslané дата отправлено надіслано elküldve küldve tarih gönderildi trimis dată"
        " saadetud kuupäev išsiųsta nosūtīts ημερομηνία στάλθηκε"
        " 发送时间 日期 日時 送信日時 보낸_날짜"
        " изпратено poslato poslano enviat đã_gửi dikirim gönderilme saatja_aeg ส่ง"
    ),
    "to": (
        "vastaanottaja vastaanottajat kenelle till to an empfänger à a para aan til do komu кому"
        " címzett kime către catre destinatar destinatarul destinataire destinatario za prima"
        " primatelj pour kellele kam προς 收件人 宛先 받는_사람"
        " saaja saajat до kepada tới إلى ถึง אל"
    ),
    "cc": (
        "kopio kopia cc kopie copie copia cópia másolat bilgi копия копія dw do wiadomości kópia"
        " koopia koopija κοιν 抄送 副本 참조 kopi piilokopio hemlig kopia bcc"
    ),
    "subject": (
        "aihe ämne subject betreff objet sujet asunto assunto oggetto onderwerp emne temat předmět"
        " predmet тема tárgy konu subiect subiectul teema pealkiri tema θέμα 主题 主旨 件名 제목"
        " temats efni относно zadeva assumpte subjek chủ_đề الموضوع เรื่อง נושא"
    ),
    "other": (
        "vastausosoite reply-to antwort risposta répondre importance tärkeys prioritet priorität"
        " prioriteit priorité liitteet bilagor attachments anhänge allegati"
    ),
}

# Parts of words that say "forwarded".
FORWARDED = (
    "forward",
    "välitetty",
    "välitetyn",
    "edelleenlähete",
    "edelleen lähete",
    "vidarebefordra",
    "vidaresänd",
    "weitergeleitet",
    "transféré",
    "transfere",
    "réexpédi",
    "inoltrat",
    "reenviad",
    "reencaminhad",
    "encaminhad",
    "doorgestuurd",
    "videresend",
    "přepos",
    "prepos",
    "przekazan",
    "przekazyw",
    "przesłan",
    "továbbított",
    "пересыла",
    "переслан",
    "переадрес",
    "перенаправ",
    "redirecționat",
    "redirection",
    "iletilen",
    "ileti başlang",
    "yönlendirilen",
    "proslijeđen",
    "prosleđen",
    "posredovan",
    "edastatud",
    "pārsūtīt",
    "persiųst",
    "προωθ",
    "転送",
    "转发",
    "轉寄",
    "轉送",
    "전달",
)

# Parts of what stands between dashes above an answered mail.
ORIGINAL = (
    "alkuperäinen",
    "ursprungligt",
    "original",
    "ursprüngliche",
    "message d'origine",
    "message d\u2019origine",
    "messaggio originale",
    "mensaje original",
    "mensagem original",
    "oorspronkelijk",
    "oprindelig",
    "opprinnelig",
    "původní",
    "pôvodná",
    "wiadomość oryginalna",
    "oryginalna",
    "eredeti",
    "исходное",
    "оригинал",
    "вихідне",
    "özgün",
    "orijinal",
    "mesaj original",
    "originaalkiri",
    "izvorna",
    "αρχικό",
    "原始",
    "元の",
    "원본",
    "reply message",
    "antwort",
    "reply above",
    "above this line",
    "yläpuolelle",
    "ovanför",
)
