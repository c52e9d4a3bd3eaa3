"""How mail servers say that a mail failed, waits or arrived: in subjects, and in their words.

Patterns for text in lower case. Each is linear: nothing repeats without a bound. Finnish, Swedish
and English first, then what comes from abroad.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def _any(*groups: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(one for group in groups for one in group))


_FAILED_EN = (
    "undeliver", "non-?deliver", "not deliver", "unable to deliver", "failure notice",
    "mail failed", "returned (?:e-?)?mail", "mail returned", "return(?:ed)? to sender",
    "mail failure", "fail(?:ure|ed) (?:notice|deliver|mail)", r"deliver\w{0,8}\b.{0,60}\bfail",
    "delivery_failure", "(?:could|can|was) ?not (?:be )?(?:deliver|sent)",
    "(?:couldn't|can't) be delivered", "mail delivery (?:system|error)",
    "delivery (?:status|reports?|notification|problem|error|has)", "error sending your mail",
    "error of mail", "mail (?:system )?error", "email error", "bounce", "nameserver error report",
    "transport error", "invalid/unknown", "user unknown", "unknown user", "loop alert",
    "mail loop", "loop back warning", "(?:are|is) not (?:a )?member", "over quota",
    "message you sent blocked", "blocked by our", "considered unsolicited",
    "mailbox (?:is )?full", "(?:message|mail) (?:was )?(?:rejected|blocked|refused)",
)  # fmt: skip
_FAILED_FI = (
    "ei vo(?:i|itu|ida) (?:toimittaa|lähettää|välittää)", "ei toimitettu", "toimittamat(?:on|ta)",
    "toimitu(?:s|ksen) epäonnistu", "toimitusvirhe", "toimitusraportti", "ei mennyt perille",
    "palautettu (?:viesti|sähköposti|posti)", "viesti palautettu", "perille toimittama",
)  # fmt: skip
_FAILED_SV = (
    "(?:går|gick|kan|kunde) inte (?:att )?(?:leverera|skicka)", "inte levereras", "ej levere",
    "oleve?re", "oleverbar", "obeställbar",
    "(?:returnerat|återsänt) (?:e-post|mail|meddelande|brev)",
    "leveransfel", r"leverans\w{0,10} misslyck", "leveransrapport",
)  # fmt: skip
_FAILED_OTHER = (
    "(?:kan|kunne) ikke lever", "ikke lever", "ikke afsend", "uleverbar", "returnere?t",
    "unzustellbar", "nicht (?:zustellbar|zugestellt)", "zustellung fehl", "übermittlungsstatus",
    "onbestelbaar", "niet (?:worden )?afgeleverd", "kan niet worden", "retour",
    "non remis", "échec de (?:la )?(?:remise|distribution)", "mail non distribu",
    "n'a pas (?:pu être |été )?(?:remis|distribu)", "no se pu(?:ede|do) entregar", "no entregado",
    "error de entrega", "devuelto", "não (?:é possível )?entreg", "não foi entregue",
    "falha na entrega", "mensagem devolvida", "impossibile (?:recapitare|consegnare)",
    "mancato recapito", "mancata consegna", "non recapitabile", "nie ?można dostarczyć",
    "niedostarcz", "nie dostarczono", "zwrot", "nedoruči", "nedoručen", r"doručen\w{0,5} selh",
    "kézbesíthetetlen", "nem kézbesít", "nu se poate livra", "nelivra", "teslim edilemedi",
    "iletilemedi", "ei saa kohale toimetada", "kohaletoimetamine ebaõnnestus", "nevar piegādāt",
    "nepristatyt", "не ?доставлен", "недоставлен", "не удалось доставить", "не може бути доставлен",
    "配信できません", "配信不能", "配信されませんでした", "送信できません", "返送", "退信",
    "无法投递", "未送达", "無法傳遞", "無法遞送", "배달되지", "전송 실패",
)  # fmt: skip
FAILED_SUBJECT = _any(_FAILED_EN, _FAILED_FI, _FAILED_SV, _FAILED_OTHER)
DELAYED_SUBJECT = _any((
    r"\bdelay", "still being (?:re)?tried", "could not send (?:message|mail) for",
    "viivästy", "viive", "fördröj", "försena", "forsinket", "verzöger", "retardé", "retrasad",
    "vertraag", "opóźni", "atrasad", "задерж",
))  # fmt: skip
DELIVERED_SUBJECT = _any((
    r"\((?:success|relayed?|expanded|delivered)\)", "successful(?:ly)? (?:mail )?deliver",
    "toimitettu perille", "levererats",
))  # fmt: skip

_WORDS_EN = (
    r"(?:could|can|was|were|has|have|is|been)(?: ?not|n't| never)? (?:yet )?(?:be |been |being )?"
    r"(?:un)?deliver(?:ed|able)\b",
    "(?:unable|failed|trouble|error|impossible|able)(?: occurred)?(?: while)?"
    "(?: trying| attempting)?(?: to)?(?: be)?(?: in)? (?:deliver|send)",
    r"deliver\w{0,8}\b.{0,80}\bfail", r"fail\w{0,8}\b.{0,60}\bdeliver", r"fail\w{0,8} permanently",
    "permanent (?:error|failure)", "did not reach", "could not be (?:reached|completed)",
    "undeliver", "failed (?:recipient|address)", "not accept", "no valid recipients",
    r"(?:user|mailbox|recipient|address)\b.{0,40}\b(?:unknown|not found|unavailable|full|exceed"
    "|rejected|not recognized|does ?n.t exist)",
    "(?:unknown|invalid|no such|nonexistent) (?:local )?(?:user|mailbox|recipient|address|account)",
    "unknown host", "host unknown", "(?:was |were )?rejected by", "(?:was|were) rejected",
    r"following (?:recipient|address)\S{0,10} .{0,60}(?:fail|reject|error|not)",
    r"had (?:permanent|delivery|fatal|transient)\b.{0,30}errors?", "mail ?system error",
    "returned to you", "transcript of session", "may not exist, or you may not have permission",
    "duplicated message-id", "did not receive (?:this|your) message", "not listed in", "blocked",
    "exceeded", "error of mail", "are not (?:a )?member",
)  # fmt: skip
_WORDS_FI = (
    "ei vo(?:i|itu|ida) (?:toimittaa|lähettää|välittää)", "ei toimitettu", "toimitus epäonnistui",
    r"toimittaminen\b.{0,80}\bepäonnistui", "ei (?:ole )?tavoit", "ei mennyt perille",
    "(?:osoitetta|vastaanottajaa|postilaatikkoa) ei (?:löydy|ole)", "hylkäsi", "hylättiin",
    "postilaatikko (?:on )?täynnä", "tuntematon (?:käyttäjä|vastaanottaja)",
)  # fmt: skip
_WORDS_SV = (
    "(?:kunde|kan|gick|går) inte (?:att )?(?:leverera|skicka|nå)", "inte (?:leverera|nå|finns)",
    r"leverans\w{0,10}\b.{0,60}\bmisslyck", "kunde ej", r"brevlåda\w{0,5} (?:är )?full",
    "okänd (?:användare|mottagare)", "avvisade",
)  # fmt: skip
_WORDS_OTHER = (
    "(?:kunne|kan) ikke lever", "ikke lever", "nicht zugestellt", "konnte nicht",
    r"zustellung\b.{0,60}\bfehl", "empfänger unbekannt", "unbekannter", "n'(?:a|ont) pas pu",
    "impossible de (?:remettre|livrer)", "échec", "no pudo ser entregado", "no se pudo entregar",
    "no se ha podido", "não (?:pôde|pode) ser", "não foi possível",
    "non (?:è stato possibile|può essere|è stata) (?:consegn|recapit)",
    "niet (?:worden )?(?:afgeleverd|bezorgd)", "nie mogła zostać", "nie można dostarczyć",
    "nedoruč", "nem sikerült", "не может быть доставлен", "не ?доставлен", "не удалось доставить",
    "送信できません", "配信できません", "届け", "エラー", "退回", "无法",
)  # fmt: skip
FAILED_WORDS = _any(_WORDS_EN, _WORDS_FI, _WORDS_SV, _WORDS_OTHER)
DELAYED_WORDS = _any((
    "(?:has|have|was)(?: ?not|n't) (?:yet )?been (?:fully )?delivered", "not yet been delivered",
    r"(?:delivery|message|mail)\b.{0,60}\b(?:is|was|been|has been) delayed",
    "delivery .{0,40}will continue", "attempts? will continue", "still (?:trying|being)",
    r"will (?:keep|continue|be re)\w{0,8} ?(?:trying|to try|tri|to attempt)",
    "this is (?:only |just )?a (?:warning|delay)", "no action is required", "advisory-only",
    "you do not need to (?:resend|take)", "has been postponed", "(?:will|being) (?:be )?retried",
    "ei ole vielä (?:toimitettu|voitu)", "yrit(?:ys|etään|tää) (?:edelleen|uudelleen)", "viiväst",
    "jatketaan yrit", "försena", "har (?:ännu )?inte (?:ännu )?(?:levererats|kunnat)", "fördröj",
    "försöker (?:igen|fortfarande)", "kommer att försöka", "verzöger", "noch nicht zugestellt",
    "wird weiter versucht", "pas encore été", "aún no", "ancora stat",
))  # fmt: skip
FINAL_WORDS = _any((
    r"fail\w{0,8} permanently", "permanent (?:error|failure|fatal|fel)", "giv(?:en|ing) up",
    "gave up", "returned to sender", "no further (?:delivery )?attempts", "not going to try",
    "too long in", "retry timeout exceeded", "aborted", "lopullisesti", "pysyvä", "ger upp",
))  # fmt: skip
