"""How people and programs end a mail, by language; lower case."""
# ruff: noqa: RUF001 (letters of other alphabets are meant)

from __future__ import annotations

# The first words of a closing line. Thanks are none: they are said to somebody.
CLOSINGS = (
    "terveisin", "ystävällisin terveisin", "ystävällisin terv", "yst. terv", "yst.terv",
    "yst terveisin", "yst.terveisin", "parhain terveisin", "parhaimmin terveisin",
    "kunnioittavasti", "kunnioittaen", "terv", "t", "yt", "syysterveisin", "kesäterveisin",
    "kevätterveisin", "joulutervehdyksin", "hyvää päivänjatkoa toivottaen",
    "med vänliga hälsningar", "med vänlig hälsning", "vänliga hälsningar", "vänligen",
    "vänlig hälsning", "bästa hälsningar", "hälsningar", "hälsar", "mvh", "m.v.h", "vänl. hälsn",
    "med vennlig hilsen", "vennlig hilsen", "med venlig hilsen", "venlig hilsen", "hilsen",
    "best regards", "kind regards", "kindest regards", "warm regards", "with best regards",
    "with kind regards", "regards", "best wishes", "yours sincerely", "yours faithfully",
    "yours truly", "sincerely", "sincerely yours", "cheers", "br", "rgds", "brgds", "b r",
    "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß",
    "freundliche grüße", "viele grüße", "liebe grüße", "beste grüße", "herzliche grüße", "mfg",
    "cordialement", "bien cordialement", "bien à vous", "salutations", "cdt",
    "sincères salutations", "saludos", "un saludo", "saludos cordiales", "atentamente",
    "cordiali saluti", "distinti saluti", "saluti", "cordialmente", "atenciosamente",
    "com os melhores cumprimentos", "cumprimentos", "met vriendelijke groet",
    "met vriendelijke groeten", "vriendelijke groet",
    "groeten", "mvg", "pozdrawiam", "z poważaniem", "z powazaniem", "s pozdravem", "s pozdravom",
    "s úctou", "üdvözlettel", "tisztelettel", "с уважением", "з повагою", "lugupidamisega",
    "parimate soovidega", "tervitades", "saygılarımla", "cu stimă",
)  # fmt: skip

# Programs that sign by themselves: how their line begins, and where it may end.
PROGRAMS = (
    "lähetetty", "lähetettiin", "hanki", "skickat från", "skickades från",
    "hämta outlook", "skaffa outlook", "sänt från", "sent from", "sent via", "sent with",
    "sent using", "sent by my", "get outlook for", "download outlook", "gesendet von",
    "gesendet mit", "von meinem", "von mobile gesendet", "holen sie sich outlook",
    "outlook für", "diese nachricht wurde von", "diese e-mail wurde von", "envoyé de",
    "envoyé à partir", "envoyé depuis", "envoyé avec", "télécharger outlook", "obtenez outlook",
    "enviado desde", "enviado de", "enviado do", "enviado com", "enviado a partir",
    "obtener outlook", "obter outlook", "obter o outlook", "inviato da", "inviato dal",
    "scarica outlook", "ottieni outlook", "verzonden vanaf", "verzonden met", "verstuurd vanaf",
    "outlook voor", "sendt fra", "sendt med", "hent outlook", "få outlook",
    "wysłane z", "wysłano z", "pobierz outlook", "odesláno z", "odoslané z", "získat outlook",
    "küldve", "отправлено с", "отправлено из", "надіслано з", "saadetud minu", "gönderen",
    "trimis de pe",
)  # fmt: skip

# What a program's line names: something in a pocket, or a program.
DEVICES = (
    "iphone", "ipad", "ipod", "imac", "mac", "android", "samsung", "galaxy", "huawei",
    "honor", "oneplus", "pixel", "nokia", "lumia", "xperia", "htc", "motorola", "blackberry",
    "windows", "outlook", "mail", "proton", "tutanota", "spark", "mobile", "mobil", "handy",
    "smartphone", "phone", "telefon", "puhelim", "laitteest", "tablet", "tabletti", "surfplatt",
    "puhelin", "kännyk", "gerät", "device", "k-9", "yahoo", "aol", "gmx", "web.de", "bluemail",
    "aquamail", "nine", "acompli", "boxer", "thunderbird", "app", "telia", "elisa", "dna", "móvil",
    "celular", "portable", "cellulare", "dispositivo", "téléphone", "мобильн", "телефон",
    "telefonu",
)  # fmt: skip
