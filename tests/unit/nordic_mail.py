"""Answers to a city's mail, and mail forwarded to it, as Finnish and Swedish programs write them.

Made up by us, each in the form of one program. `WRITTEN` is what the citizen wrote now; the
program's own lines, the city's mail and the signature stand around it.
"""

from __future__ import annotations

FI = "Hei!\n\nKiitos vastauksesta. Missä kohtaa Äijälänkatua työmaa on?\nMaksoin jo 20 €."
SV = "Hej!\n\nTack för svaret. Var på Åvägen är bygget?\nJag har redan betalat 20 €."
CITY_FI = "Hei Åke,\n\nkatutyöt alkavat 1.11. kello 8.00.\n\nTerveisin\nKaupungin palaute"
CITY_SV = "Hej Åke,\n\nvägarbetet börjar 1.11 kl. 8.00.\n\nHälsningar\nStadens respons"


def marked(text: str) -> str:
    """The text as a quote."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


# name, what the citizen wrote, what follows it
PLAIN: list[tuple[str, str, str]] = [
    ("outlook 2003 fi", FI, f"""
Terveisin
Åke Öhman

-----Alkuperäinen viesti-----
Lähettäjä: Kaupungin palaute [mailto:palaute@kaupunki.example]
Lähetetty: 27. lokakuuta 2021 9:47
Vastaanottaja: Åke Öhman
Aihe: Katutyöt

{CITY_FI}"""),
    ("outlook fi", FI, f"""
Lähettäjä: Kaupungin palaute <palaute@kaupunki.example>
Lähetetty: keskiviikko 27. lokakuuta 2021 9.31
Vastaanottaja: Åke Öhman <ake@citizen.example>
Kopio: Tekninen toimi <tekninen@kaupunki.example>
Aihe: VS: Katutyöt [Asia 123]

{CITY_FI}"""),
    ("outlook for mac fi", FI, f"""
Lähettäjä: Kaupungin palaute <palaute@kaupunki.example>
Päivämäärä: keskiviikko 27. lokakuuta 2021 klo 9.31
Vastaanottaja: Åke Öhman <ake@citizen.example>
Aihe: Katutyöt
{CITY_FI}"""),
    ("outlook mobile fi", FI, f"""
Hanki Outlook for Android<https://aka.ms/AAb9ysg>
________________________________
Lähettäjä: Kaupungin palaute <palaute@kaupunki.example>
Lähetetty: Wednesday, October 27, 2021 9:47:12 AM
Vastaanottaja: Åke Öhman <ake@citizen.example>
Aihe: Katutyöt

{CITY_FI}"""),
    ("outlook web fi", FI, f"""
________________________________________
Lähettäjä: palaute@kaupunki.example
Lähetetty: 27. lokakuuta 2021 9:47
Vastaanottaja: ake@citizen.example
Aihe: Katutyöt

{CITY_FI}"""),
    ("outlook sv", SV, f"""
Med vänliga hälsningar

Åke Öhman
Åvägen 1, 00100 Helsingfors
040 123 4567

Från: Stadens respons <respons@stad.example>
Skickat: den 27 oktober 2021 09:47
Till: Åke Öhman <ake@citizen.example>
Ämne: SV: Vägarbeten

{CITY_SV}"""),
    ("outlook 2003 sv", SV, f"""
-----Ursprungligt meddelande-----
Från: Stadens respons [mailto:respons@stad.example]
Skickat: den 27 oktober 2021 09:47
Till: Åke Öhman
Ämne: Vägarbeten

{CITY_SV}"""),
    ("outlook mobile sv", SV, f"""
Hämta Outlook för iOS<https://aka.ms/o0ukef>
________________________________
Från: Stadens respons <respons@stad.example>
Skickat: Wednesday, October 27, 2021 9:47:12 AM
Till: Åke Öhman <ake@citizen.example>
Ämne: Vägarbeten

{CITY_SV}"""),
    ("gmail fi", FI, f"""
ke 27. lokak. 2021 klo 9.31 Kaupungin palaute (palaute@kaupunki.example)
kirjoitti:

{marked(CITY_FI)}
"""),
    ("gmail fi, a long name", FI, f"""
ke 27. lokak. 2021 klo 9.31 Kaupungin palautepalvelu ja neuvonta <
palaute@kaupunki.example> kirjoitti:

{marked(CITY_FI)}
"""),
    ("gmail sv", SV, f"""
Den ons 27 okt. 2021 kl 09:47 skrev Stadens respons <respons@stad.example>:

{marked(CITY_SV)}
"""),
    ("apple mail fi", FI, f"""

> Kaupungin palaute <palaute@kaupunki.example> kirjoitti 27.10.2021 kello 9.31:
>
{marked(CITY_FI)}
"""),
    ("older apple mail fi", FI, f"""
Kaupungin palaute <palaute@kaupunki.example> kirjoitti 27.10.2021 kello 9.31:

{marked(CITY_FI)}
"""),
    ("iphone fi", FI, f"""
Lähetetty iPhonesta

> Kaupungin palaute <palaute@kaupunki.example> kirjoitti 27.10.2021 kello 9.31:
>
> \ufeff{CITY_FI.splitlines()[0]}
{marked(CITY_FI)}
"""),
    ("iphone sv", SV, f"""
Skickat från min iPhone

> 27 okt. 2021 kl. 09:47 skrev Stadens respons <respons@stad.example>:
>
{marked(CITY_SV)}
"""),
    ("apple mail sv", SV, f"""
27 okt. 2021 kl. 09:47 skrev Stadens respons <respons@stad.example>:

{marked(CITY_SV)}
"""),
    ("thunderbird fi", FI, f"""
Kaupungin palaute kirjoitti 27.10.2021 klo 9.31:
{marked(CITY_FI)}

--
Åke Öhman
puh. 040 123 4567
"""),
    ("older thunderbird fi", FI, f"""
27.10.2021 9:47, Kaupungin palaute kirjoitti:
{marked(CITY_FI)}
"""),
    ("thunderbird sv", SV, f"""
Den 2021-10-27 kl. 09:47, skrev Stadens respons:
{marked(CITY_SV)}
"""),
    ("samsung fi", FI, f"""
Lähetetty Samsung Galaxy -älypuhelimesta.

-------- Alkuperäinen viesti --------
Lähettäjä: Kaupungin palaute <palaute@kaupunki.example>
Päivämäärä: 27.10.2021  9.31  (GMT+02:00)
Saaja: Åke Öhman <ake@citizen.example>
Aihe: Katutyöt

{CITY_FI}"""),
    ("samsung sv", SV, f"""
Skickat från min Samsung Galaxy-smartphone.

-------- Originalmeddelande --------
Från: Stadens respons <respons@stad.example>
Datum: 2021-10-27 09:47 (GMT+02:00)
Till: Åke Öhman <ake@citizen.example>
Ämne: Vägarbeten

{CITY_SV}"""),
    ("yahoo fi", FI, f"""
    keskiviikko 27. lokakuuta 2021 klo 9.31.15 UTC+3 Palaute <palaute@kaupunki.example> kirjoitti:

 {CITY_FI}"""),
    ("yahoo sv", SV, f"""
    Den onsdag 27 oktober 2021 09:47:15 CEST skrev Stadens respons <respons@stad.example>:

 {CITY_SV}"""),
    ("yahoo mobile fi", FI, f"""
Lähetetty Yahoo Mailista Androidilla

  Ke, 27. lokak. 2021 klo 9.31, Palaute <palaute@kaupunki.example> kirjoitti:   {CITY_FI[:9]}

{CITY_FI}"""),
    ("zimbra fi", FI, f"""
----- Alkuperäinen viesti -----
Lähettäjä: "Kaupungin palaute" <palaute@kaupunki.example>
Vastaanottaja: "Åke Öhman" <ake@citizen.example>
Lähetetty: keskiviikko 27. lokakuuta 2021 9.31.15
Aihe: Re: Katutyöt

{CITY_FI}"""),
    ("zimbra sv", SV, f"""
----- Ursprungligt meddelande -----
Från: "Stadens respons" <respons@stad.example>
Till: "Åke Öhman" <ake@citizen.example>
Skickat: onsdag, 27 oktober 2021 9:47:15
Ämne: Re: Vägarbeten

{CITY_SV}"""),
    ("open-xchange fi", FI, f"""
> Kaupungin palaute <palaute@kaupunki.example> kirjoitti 27.10.2021 9.31 EEST:
>
>
{marked(CITY_FI)}"""),
    ("open-xchange sv", SV, f"""
Den 2021-10-27 09:47 CEST skrev Stadens respons <respons@stad.example>:

{CITY_SV}"""),
    ("roundcube fi", FI, f"""
Kaupungin palaute kirjoitti 2021-10-27 09:47:
{marked(CITY_FI)}"""),
    ("roundcube sv", SV, f"""
Stadens respons skrev den 2021-10-27 09:47:
{marked(CITY_SV)}"""),
    ("proton fi", FI, f"""
Lähetetty Proton Mail -sähköpostilla.

keskiviikko 27. lokakuuta 2021 klo 9.31, Palaute <palaute@kaupunki.example> kirjoitti:

{marked(CITY_FI)}
"""),
    ("huawei fi", FI, """
Lähetetty Huawei-matkapuhelimestani
"""),
    ("windows mail fi", FI, f"""
Lähetetty Windowsin Sähköpostista

Lähettäjä: Kaupungin palaute
Lähetetty: keskiviikko 27. lokakuuta 2021 9.31
Vastaanottaja: Åke Öhman
Aihe: Katutyöt

{CITY_FI}"""),
    ("lotus notes fi", FI, f"""
Lähettäjä:      "Palaute" <palaute@kaupunki.example>
Vastaanottaja:  <ake@citizen.example>,
Päiväys:        27.10.2021 09:47
Aihe:   Katutyöt

{CITY_FI}"""),
    ("groupwise sv", SV, f"""
>>> Stadens respons <respons@stad.example> 2021-10-27 09:47 >>>
{marked(CITY_SV)}
"""),
    ("nothing but a signature fi", FI, """
Ystävällisin terveisin
Åke Öhman
toiminnanjohtaja
Äijälän kyläyhdistys ry
+358 40 123 4567
www.aijala.example

Tämä viesti liitteineen on tarkoitettu vain vastaanottajalle ja voi sisältää luottamuksellista
tietoa. Jos sait viestin erehdyksessä, ilmoita siitä lähettäjälle ja tuhoa viesti."""),
]  # fmt: skip

# name, subject, text: all of it stays
FORWARDED: list[tuple[str, str, str]] = [
    ("outlook fi", "VL: Katutyöt", f"""Hei, kuuluuko tämä teille?

Terveisin
Åke

Lähettäjä: Maija Mäki <maija@citizen.example>
Lähetetty: keskiviikko 27. lokakuuta 2021 9.31
Vastaanottaja: Åke Öhman <ake@citizen.example>
Aihe: Katutyöt

{CITY_FI}"""),
    ("outlook sv", "VB: Vägarbeten", f"""För kännedom.

Från: Maja Mäki <maja@citizen.example>
Skickat: den 27 oktober 2021 09:47
Till: Åke Öhman <ake@citizen.example>
Ämne: Vägarbeten

{CITY_SV}"""),
    ("gmail fi", "Fwd: Katutyöt", f"""Tiedoksi

---------- Forwarded message ---------
Lähettäjä: Maija Mäki <maija@citizen.example>
Date: ke 27. lokak. 2021 klo 9.31
Subject: Katutyöt
To: Åke Öhman <ake@citizen.example>


{CITY_FI}"""),
    ("gmail sv, without a word", "Fwd: Vägarbeten", f"""---------- Forwarded message ---------
Från: Maja Mäki <maja@citizen.example>
Date: ons 27 okt. 2021 kl 09:47
Subject: Vägarbeten
To: Åke Öhman <ake@citizen.example>


{CITY_SV}"""),
    ("apple mail fi", "Fwd: Katutyöt", f"""Lähetetty iPhonesta

Välitetty viesti alkaa:

{marked("Lähettäjä: Maija Mäki <maija@citizen.example>")}
{marked("Päivämäärä: 27. lokakuuta 2021 klo 9.31.15 UTC+3")}
{marked("Vastaanottaja: Åke Öhman <ake@citizen.example>")}
{marked("Aihe: Katutyöt")}
>
{marked(CITY_FI)}"""),
    ("apple mail sv", "Fwd: Vägarbeten", f"""{marked("Vidarebefordrat brev:")}
>
{marked("Från: Maja Mäki <maja@citizen.example>")}
{marked("Ämne: Vägarbeten")}
{marked("Datum: 27 oktober 2021 09:47:15 EEST")}
{marked("Till: ake@citizen.example")}
>
{marked(CITY_SV)}"""),
    ("thunderbird fi", "Fwd: Katutyöt", f"""Onko tämä teidän?

-------- Välitetty viesti --------
Aihe: \tKatutyöt
Päiväys: \tWed, 27 Oct 2021 09:47:15 +0300
Lähettäjä: \tMaija Mäki <maija@citizen.example>
Vastaanottaja: \take@citizen.example


{CITY_FI}"""),
    ("thunderbird sv", "Fwd: Vägarbeten", f"""-------- Vidarebefordrat meddelande --------
Ämne: \tVägarbeten
Datum: \tWed, 27 Oct 2021 09:47:15 +0300
Från: \tMaja Mäki <maja@citizen.example>
Till: \take@citizen.example


{CITY_SV}"""),
    ("samsung fi", "Fwd: Katutyöt", f"""Pyydän vastausta.

-------- Alkuperäinen viesti --------
Lähettäjä: Maija Mäki <maija@citizen.example>
Päivämäärä: 27.10.2021  9.31  (GMT+02:00)
Saaja: Åke Öhman <ake@citizen.example>
Aihe: Katutyöt

{CITY_FI}"""),
    ("outlook fi, new subject", "Kysymys katutöistä", f"""Lähettäjä: Maija <m@citizen.example>
Lähetetty: keskiviikko 27. lokakuuta 2021 9.31
Vastaanottaja: Åke Öhman <ake@citizen.example>
Aihe: Katutyöt

{CITY_FI}"""),
]  # fmt: skip

_HTML_FI = "<p>" + "</p><p>".join(FI.replace("\n\n", "</p><p>").split("\n")) + "</p>"
WRITTEN_HTML = (
    "Hei!\n\nKiitos vastauksesta. Missä kohtaa Äijälänkatua työmaa on?\n\nMaksoin jo 20 €."
)

# name, HTML; what the citizen wrote is WRITTEN_HTML
HTML: list[tuple[str, str]] = [
    ("gmail", f"""<div dir="ltr">{_HTML_FI}</div><br><div class="gmail_quote">
<div dir="ltr" class="gmail_attr">xyz 27 zyx Palaute:<br></div>
<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid">
<div>Hei Åke,</div><div>katutyöt alkavat.</div></blockquote></div>"""),
    ("gmail with a signature", f"""<div dir="ltr">{_HTML_FI}<div><br></div><span>-- </span><br>
<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div>Åke Öhman</div>
<div>Taulumäentie 1</div></div></div>
<div class="gmail_quote"><div class="gmail_attr">ke 27. lokak. 2021 klo 9.31 Palaute
(<a href="mailto:palaute@kaupunki.example">palaute@kaupunki.example</a>) kirjoitti:<br></div>
<blockquote class="gmail_quote"><p>Hei Åke,</p></blockquote></div>"""),
    ("outlook web", f"""<div>{_HTML_FI}</div><div id="appendonsend"></div>
<hr style="display:inline-block;width:98%" tabindex="-1">
<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>Lähettäjä:</b> Palaute
&lt;palaute@kaupunki.example&gt;<br><b>Lähetetty:</b> keskiviikko 27. lokakuuta 2021 9.31<br>
<b>Vastaanottaja:</b> Åke<br><b>Aihe:</b> Katutyöt</font><div>&nbsp;</div></div>
<div><p>Hei Åke,</p></div>"""),
    ("outlook web in an unknown language", f"""<div>{_HTML_FI}</div><hr>
<div id="divRplyFwdMsg" dir="ltr"><b>Oo:</b> Palaute &lt;palaute@kaupunki.example&gt;<br></div>
<div><p>Hei Åke,</p></div>"""),
    ("outlook", f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=FI>
<div class=WordSection1>{_HTML_FI.replace("<p>", "<p class=MsoNormal>")}
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>
<p class=MsoNormal><b>Lähettäjä:</b> Palaute &lt;palaute@kaupunki.example&gt; <br>
<b>Lähetetty:</b> keskiviikko 27. lokakuuta 2021 9.31<br><b>Vastaanottaja:</b> Åke<br>
<b>Aihe:</b> Katutyöt<o:p></o:p></p></div></div><p class=MsoNormal>Hei Åke,</p></div></body>"""),
    ("outlook mobile", f"""<div>{_HTML_FI}</div><div id="ms-outlook-mobile-signature">
Hanki <a href="https://aka.ms/AAb9ysg">Outlook for Android</a></div>
<hr><div id="divRplyFwdMsg"><strong>From:</strong> Palaute<br></div><p>Hei Åke,</p>"""),
    ("apple mail", f"""<body style="overflow-wrap: break-word;">{_HTML_FI}
<div><br><blockquote type="cite"><div>Palaute &lt;palaute@kaupunki.example&gt; kirjoitti
27.10.2021 kello 9.31:</div><br><div><p>Hei Åke,</p></div></blockquote></div></body>"""),
    ("thunderbird", f"""<body>{_HTML_FI}<div class="moz-cite-prefix">Palaute kirjoitti 27.10.2021
klo 9.31:<br></div><blockquote type="cite" cite="mid:1@kaupunki.example"><p>Hei Åke,</p>
</blockquote><pre class="moz-signature" cols="72">--
Åke Öhman</pre></body>"""),
    ("yahoo", f"""<div class="ydp1yahoo-style-wrap">{_HTML_FI}</div>
<div id="yahoo_quoted_123" class="yahoo_quoted"><div>
<div>keskiviikko 27. lokakuuta 2021 klo 9.31.15 UTC+3 Palaute kirjoitti:</div>
<div><p>Hei Åke,</p></div></div></div>"""),
    ("samsung", f"""<div>{_HTML_FI}</div><div id="composer_signature">
<div style="font-size:85%">Lähetetty Samsung Galaxy -älypuhelimesta.</div></div>
<div>-------- Alkuperäinen viesti --------</div><div>Lähettäjä: Palaute
&lt;palaute@kaupunki.example&gt; </div><div>Päivämäärä: 27.10.2021 9.31 (GMT+02:00) </div>
<div>Saaja: Åke &lt;ake@citizen.example&gt; </div><div>Aihe: Katutyöt </div><p>Hei Åke,</p>"""),
    ("proton", f"""<div>{_HTML_FI}</div><div class="protonmail_signature_block">
<div>Lähetetty Proton Mail -sähköpostilla.</div></div>
<div class="protonmail_quote">keskiviikko 27. lokakuuta 2021, Palaute:<br>
<blockquote class="protonmail_quote" type="cite"><p>Hei Åke,</p></blockquote></div>"""),
    ("a signature that only HTML tells", f"""<div dir="ltr">{_HTML_FI}
<div class="gmail_signature">Åke Öhman, puheenjohtaja, kyläyhdistys ry, avoinna ma, ti</div>
<blockquote class="gmail_quote"><p>Hei Åke,</p></blockquote></div>"""),
    ("a blockquote after words that may introduce", f"""{_HTML_FI}<p>Palaute kirjoitti:</p>
<blockquote><p>Hei Åke,</p></blockquote>"""),
    ("a blockquote that is introduced", f"""{_HTML_FI}<p>Palaute &lt;palaute@kaupunki.example&gt;
kirjoitti 27.10.2021 klo 9.31:</p><blockquote><p>Hei Åke,</p></blockquote>"""),
]  # fmt: skip
