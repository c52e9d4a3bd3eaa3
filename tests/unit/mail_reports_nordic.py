"""Reports in Finnish and Swedish, in the charsets they come in; and mail that only looks so."""

from __future__ import annotations

from tests.unit.mail_reports import COPY, DAEMON, OURS, POSTMASTER, Case, delayed, failed

NORDIC = [
    # ---- in Finnish
    Case(
        "fi-exim",
        DAEMON,
        "Viestiä ei voitu toimittaa",
        "Viestiäsi ei voitu toimittaa seuraaville vastaanottajille:\n\n"
        "  matti@koti.example\n    550 5.1.1 Tuntematon vastaanottaja\n\n"
        f"------ Alkuperäinen viesti ------\n{COPY}",
        failed("550 5.1.1 Tuntematon vastaanottaja", "5.1.1"),
    ),
    Case(
        "fi-latin1",
        POSTMASTER,
        "=?iso-8859-1?Q?Toimittamaton=3A_Vastaus_kysymykseesi?=",
        "Viestiäsi ei voitu välittää.\nSyy: postilaatikko on täynnä.\n"
        "Vastaanottaja: <matti@koti.example>\n\nAlkuperäisen viestin otsikot:\n\n" + COPY,
        failed("Vastaanottaja: <matti@koti.example>"),
        charset="iso-8859-1",
    ),
    Case(
        "fi-latin9",
        DAEMON,
        "=?iso-8859-15?Q?Palautettu_viesti=3A_osoitetta_ei_l=F6ydy?=",
        "Lähettäjä: neuvonta@kaupunki.example\n\nmatti@koti.example: osoitetta ei löydy (550 x)\n"
        "\n" + COPY,
        failed("matti@koti.example: osoitetta ei löydy (550 x)"),
        charset="iso-8859-15",
    ),
    Case(
        "fi-windows",
        POSTMASTER,
        "Ei voi toimittaa: Vastaus kysymykseesi",
        "Toimitus epäonnistui näille vastaanottajille tai ryhmille:\n\nmatti@koti.example\n"
        "Sähköpostiosoitetta ei löytynyt… #< #5.1.10 smtp;550 5.1.10 RecipientNotFound>\n",
        failed(
            "Sähköpostiosoitetta ei löytynyt… #< #5.1.10 smtp;550 5.1.10 RecipientNotFound>",
            "5.1.10",
            ids=(OURS,),
        ),
        fields=f"Return-Path: <>\nIn-Reply-To: {OURS}",
        charset="windows-1252",
    ),
    Case(
        "fi-delay",
        DAEMON,
        "Viestin toimitus viivästyy",
        "Viestiäsi ei ole vielä toimitettu vastaanottajalle matti@koti.example.\n"
        "Palvelin yrittää edelleen. Sinun ei tarvitse tehdä mitään.\n\n" + COPY,
        delayed("Viestiäsi ei ole vielä toimitettu vastaanottajalle matti@koti.example."),
    ),
    Case(
        "fi-delay-words",
        DAEMON,
        "Varoitus",
        "<matti@koti.example>: palvelin ei vastaa (451 4.4.1)\nViesti viivästyy, sitä yritetään "
        "uudelleen.\n\n" + COPY,
        delayed("<matti@koti.example>: palvelin ei vastaa (451 4.4.1)", "4.4.1"),
    ),
    Case(
        "fi-two",
        DAEMON,
        "Toimitus epäonnistui",
        "Toimitus epäonnistui:\n * liisa@koti.example\n * matti@koti.example\n\n" + COPY,
        failed("* matti@koti.example", to=("liisa@koti.example", "matti@koti.example")),
    ),
    # ---- in Swedish
    Case(
        "sv-undeliverable",
        POSTMASTER,
        "Det gick inte att leverera: Svar på din fråga",
        "Det gick inte att leverera meddelandet till följande mottagare:\n\n"
        "matti@koti.example\nMottagaren finns inte. 550 5.1.1\n\n"
        "Ursprungligt meddelande:\n" + COPY,
        failed("Mottagaren finns inte. 550 5.1.1", "5.1.1"),
    ),
    Case(
        "sv-latin1",
        DAEMON,
        "=?iso-8859-1?Q?Olevererbart=3A_Svar_p=E5_din_fr=E5ga?=",
        "Ditt meddelande kunde inte levereras till <matti@koti.example>\n"
        "eftersom brevlådan är full (552 5.2.2).\n\n" + COPY,
        failed("eftersom brevlådan är full (552 5.2.2).", "5.2.2"),
        charset="iso-8859-1",
    ),
    Case(
        "sv-returned",
        DAEMON,
        "Returnerat meddelande",
        "Okänd mottagare: matti@koti.example\n\n" + COPY,
        failed("Okänd mottagare: matti@koti.example"),
        fields="X-Mailer: post",
    ),
    Case(
        "sv-delay",
        DAEMON,
        "Fördröjd leverans",
        "Meddelandet till matti@koti.example har ännu inte levererats.\n"
        "Servern försöker fortfarande.\n\n" + COPY,
        delayed("Meddelandet till matti@koti.example har ännu inte levererats."),
    ),
]

# What looks like a report and is a person's mail, or a machine's that reports nothing of ours.
NO_REPORTS = [
    Case(
        "fi-parcel",
        "Maija <m@koti.example>",
        "Pakettia ei voitu toimittaa",
        "Hei, kirjaston kirjettä ei voitu toimittaa minulle. Mistä saan sen?",
        None,
        fields="X-Y: z",
    ),
    Case(
        "fi-passes-on",
        "Maija <m@koti.example>",
        "VS: Undelivered Mail Returned to Sender",
        "Sain tämän teiltä, mitä teen?\n\n<neuvonta@kaupunki.example>: 550 5.1.1 User unknown\n\n"
        "Final-Recipient: rfc822; neuvonta@kaupunki.example\nAction: failed\n" + COPY,
        None,
        fields="X-Y: z",
    ),
    Case(
        "sv-answers",
        "Maija <m@koti.example>",
        "SV: Det gick inte att leverera: frågan",
        "Det gick inte att leverera mitt brev till er. 550 5.1.1\n",
        None,
        fields="X-Y: z",
    ),
    Case(
        "en-asks",
        "Maija <m@koti.example>",
        "Mail delivery failed?",
        "My mail to you could not be delivered last week. Was the mailbox full?",
        None,
        fields="X-Y: z",
    ),
    Case(
        "fi-admin-passes-on",
        "Ylläpito <postmaster@yritys.example>",
        "VS: Undelivered Mail Returned to Sender",
        "Näin kävi viestillemme. Viestiä ei voitu toimittaa.\n\n<x@kaupunki.example>: 550 5.1.1\n"
        + COPY,
        None,
        fields="X-Y: z",
    ),
    Case(
        "fi-admin-asks",
        "Ylläpito <postmaster@yritys.example>",
        "Kysymys sähköposteista",
        "Hei, palvelimenne hylkäsi viestimme. Voitteko katsoa?",
        None,
        fields="X-Y: z",
    ),
    Case(
        "fi-vacation",
        "Matti <matti@koti.example>",
        "Automaattinen vastaus: Vastaus kysymykseesi",
        "Olen lomalla, viestiäsi ei voitu välittää.\n\n" + COPY,
        None,
    ),
    Case(
        "sv-vacation",
        "Matti <matti@koti.example>",
        "Svar",
        "Jag är på semester till 1.8.",
        None,
        fields="Return-Path: <>\nAuto-Submitted: auto-replied",
    ),
    Case(
        "en-newsletter",
        "News <news@yritys.example>",
        "Delivery news: failure is not an option",
        "Our delivery never fails! Unknown user? Not us.",
        None,
        fields="Precedence: bulk",
    ),
]
