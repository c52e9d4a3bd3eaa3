"""Reports in English, by the programs that write them, and in other languages."""

from __future__ import annotations

from contactcenter.channel import Report
from tests.unit.mail_reports import COPY, DAEMON, OURS, POSTMASTER, Case, M, delayed, failed

ABROAD = [
    # ---- in English
    Case(
        "en-qmail",
        "MAILER-DAEMON@mx.koti.example",
        "failure notice",
        "Hi. This is the qmail-send program at mx.koti.example.\nI'm afraid I wasn't able to "
        "deliver your message to the following addresses.\nThis is a permanent error; I've given "
        "up.\n\n<matti@koti.example>:\nNo mailbox here. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\n{COPY}",
        failed("No mailbox here. (#5.1.1)", "5.1.1"),
    ),
    Case(
        "en-exim",
        DAEMON,
        "Mail delivery failed: returning message to sender",
        "A message that you sent could not be delivered to one or more of its recipients.\n\n"
        "  matti@koti.example\n    host mx.koti.example [192.0.2.1]\n    SMTP error: 550 Unknown\n"
        f"\n------ This is a copy of the message, including all the headers. ------\n\n{COPY}",
        failed("SMTP error: 550 Unknown"),
        fields="X-Failed-Recipients: matti@koti.example\nAuto-Submitted: auto-replied",
    ),
    Case(
        "en-failed-recipients",
        DAEMON,
        "Mail delivery failed",
        "It could not be delivered.\n",
        failed(to=("liisa@koti.example", "matti@koti.example"), ids=()),
        fields="X-Failed-Recipients: liisa@koti.example,\n  matti@koti.example",
    ),
    Case(
        "en-postfix",
        DAEMON,
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.koti.example.\n\nFor further assistance, please send "
        "mail to postmaster.\n\n<matti@koti.example>: host mx[192.0.2.7] said: 554 5.7.1 Rejected\n"
        "    as spam (in reply to end of DATA command)\n\n" + COPY,
        failed("<matti@koti.example>: host mx[192.0.2.7] said: 554 5.7.1 Rejected", "5.7.1"),
    ),
    Case(
        "en-sendmail",
        "Mail Delivery Subsystem <MAILER-DAEMON>",
        "Returned mail: see transcript for details",
        "The original message was received at Thu, 26 Nov 2026 09:00:00 +0200\n"
        "from kaupunki.example [192.0.2.9]\n\n"
        "   ----- The following addresses had permanent fatal errors -----\n<matti@koti.example>\n"
        "    (reason: 550 5.2.1 disabled)\n    (expanded from: <isannointi@koti.example>)\n\n"
        "   ----- Transcript of session follows -----\n>>> MAIL From:<neuvonta@kaupunki.example>\n"
        f"\n   ----- Original message -----\n{COPY}",
        failed(
            "(reason: 550 5.2.1 disabled)",
            "5.2.1",
            to=("matti@koti.example", "isannointi@koti.example"),
        ),
    ),
    Case(
        "en-gmail",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "Delivery to the following recipient failed permanently:\n\n     matti@koti.example\n\n"
        f"The error was: 550 5.1.1 no such user\n\n----- Original message -----\n\n{COPY}",
        failed("The error was: 550 5.1.1 no such user", "5.1.1"),
    ),
    Case(
        "en-gmail-delay",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Delay)",
        "This is an automatically generated Delivery Status Notification\n\n"
        "THIS IS A WARNING MESSAGE ONLY.\n\nDelivery to the following recipient has been delayed:"
        f"\n\n     matti@koti.example\n\nIt failed so far.\n\n----- Original message -----\n{COPY}",
        delayed(),
    ),
    Case(
        "en-sendmail-delay",
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.koti.example>",
        "Warning: could not send message for past 4 hours",
        "** THIS IS A WARNING MESSAGE ONLY **\n\n<matti@koti.example>... Deferred: timed out\n"
        f"Will keep trying until message is 5 days old\n\n{COPY}",
        delayed("Deferred: timed out"),
    ),
    Case(
        "en-exim-delay",
        DAEMON,
        "Warning: message 1ab-000 delayed 24 hours",
        "A message that you sent has not yet been delivered to one or more of its recipients.\n\n"
        "  matti@koti.example\n\nNo action is required on your part.\n\n" + COPY,
        delayed(),
    ),
    Case(
        "en-domino",
        "Postmaster@koti.example",
        "DELIVERY FAILURE: User matti (matti@koti.example) not listed in Domino Directory",
        "Your message\n\n  Subject: Vastaus\n\nwas not delivered to:\n\n  matti@koti.example\n\n"
        "because:\n\n  User matti not listed in Domino Directory\n",
        failed("User matti not listed in Domino Directory", ids=()),
        fields="Return-Path: <MAILER-DAEMON@koti.example>",
    ),
    Case(
        "en-exchange",
        "System Administrator <postmaster@koti.example>",
        "Undeliverable: Delays on line 5",
        "Your message\n\n  To:      Matti\n  Subject: Delays on line 5\n\ndid not reach the "
        "following recipient(s):\n\nmatti@koti.example on Thu, 26 Nov 2026 09:00:00 +0200\n"
        "    The recipient name is not recognized\n",
        failed("The recipient name is not recognized", ids=()),
    ),
    Case(
        "en-yahoo",
        "MAILER-DAEMON@yahoo.example",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n"
        "<matti@koti.example>:\nRemote host said: 550 5.2.2 Mailbox Full [RCPT_TO]\n\n"
        f"--- Below this line is a copy of the message.\n{COPY}",
        failed("Remote host said: 550 5.2.2 Mailbox Full [RCPT_TO]", "5.2.2"),
        fields="X-Y: z",
    ),
    Case(
        "en-no-daemon",
        "Mail_Service@koti.example",
        "Returned Mail - Error During Delivery",
        "------ Failed Recipients ------\n<matti@koti.example>: mailbox unavailable. [SMTP Error "
        f"Code 550]\n\n-------- Returned Mail --------\n{COPY}",
        failed("mailbox unavailable. [SMTP Error Code 550]"),
        fields="X-Y: z",
    ),
    Case(
        "en-fields-in-words",
        "MAILER-DAEMON@mx.koti.example",
        "Delivery Status Notification (Failure)",
        "An error occurred while trying to deliver the mail.\n\nTechnical report:\n\n"
        "Reporting-MTA: dsn; mx.koti.example\nAction: failed\n"
        "Final-Recipient: rfc822; matti@koti.example\n"
        "Diagnostic-Code: smtp; 550 5.2.2 Mailbox Full\nStatus: 5.2.2\n",
        failed("550 5.2.2 Mailbox Full", "5.2.2", ids=()),
    ),
    Case(
        "en-only-the-copy-names-it",
        DAEMON,
        "Undelivered mail",
        "Your mail was rejected by our filter.\n\n" + COPY,
        failed(),
    ),
    Case(
        "en-quoted-copy",
        DAEMON,
        "Undelivered mail",
        "matti@koti.example: rejected by our filter, sorry\n\n"
        + "".join(f"> {line}\n" for line in COPY.splitlines()),
        failed("rejected by our filter, sorry"),
    ),
    Case(
        "en-failure-though-it-still-tries-others",
        DAEMON,
        "Delivery Status Notification (Failure)",
        "<matti@koti.example>: 550 5.1.1 no such user\n\nWe are still trying the others.\n" + COPY,
        failed("<matti@koti.example>: 550 5.1.1 no such user", "5.1.1"),
    ),
    Case(
        "en-notice-that-waits",
        DAEMON,
        "Delivery Status Notification",
        "<matti@koti.example>: 451 4.7.1 greylisted\n\nWe are still trying.\n" + COPY,
        delayed("<matti@koti.example>: 451 4.7.1 greylisted", "4.7.1"),
    ),
    Case(
        "en-names-others-too",
        DAEMON,
        "Undeliverable Mail",
        "To: neuvonta@kaupunki.example\nSender: johtaja@kaupunki.example\n\nundeliverable to "
        "matti@koti.example\nAsk postmaster@koti.example or see: MAILER-DAEMON@mx.koti.example\n",
        failed("undeliverable to matti@koti.example", ids=()),
    ),
    Case(
        "en-netscape",
        "Postmaster@koti.example",
        "Message Delivery Failure",
        "This Message was undeliverable due to the following reason:\n\nThe following destination "
        "addresses were unknown:\n\nSMTP <matti@koti.example>\nSMTP <liisa@koti.example>\n\n"
        "Please reply to Postmaster@koti.example\nif that seems wrong to you.\n",
        failed(
            "SMTP <liisa@koti.example>", to=("matti@koti.example", "liisa@koti.example"), ids=()
        ),
    ),
    Case(
        "en-exchange-2007",
        "postmaster@koti.example",
        "Undeliverable: Vastaus",
        "Delivery has failed to these recipients or distribution lists:\n\nmatti@koti.example\n\n"
        "Diagnostic information for administrators:\n\nGenerating server: mx.koti.example\n\n"
        "matti@koti.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\n"
        f"Original message headers:\n\n{COPY}",
        failed("#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##", "5.1.1"),
    ),
    Case(
        "en-just-a-warning",
        "MAILER-DAEMON@mx.koti.example",
        "Mail delivery problem",
        "This is just a warning, you do not need to take any action.\n\nmatti@koti.example\n"
        "Message will be retried for 2 more days.\n",
        delayed("Message will be retried for 2 more days.", ids=()),
    ),
    Case(
        "en-delivered",
        DAEMON,
        "Successful Mail Delivery Report",
        "<matti@koti.example>: delivery via mx.koti.example: 250 2.0.0 Ok\n\n" + COPY,
        Report(
            action="delivered",
            recipients=M,
            reason="delivery via mx.koti.example: 250 2.0.0 Ok",
            message_ids=(OURS,),
        ),
    ),
    # ---- from abroad
    Case(
        "de",
        POSTMASTER,
        "Unzustellbar: Vastaus",
        "Ihre Nachricht konnte nicht zugestellt werden an:\n\nmatti@koti.example\n"
        "Empfänger unbekannt\n\n" + COPY,
        failed("Empfänger unbekannt"),
    ),
    Case(
        "ru-koi8",
        DAEMON,
        "=?koi8-r?B?98HbxSDTz8/C3cXOycUgzsUgxM/T1MHXzMXOzw==?=",
        "Сообщение не доставлено:\n  matti@koti.example\n    550 user unknown\n\n" + COPY,
        failed("550 user unknown"),
        charset="koi8-r",
    ),
    Case(
        "et",
        DAEMON,
        "Kirja ei saa kohale toimetada",
        "matti@koti.example\n  550 tundmatu kasutaja\n\n" + COPY,
        failed("550 tundmatu kasutaja"),
    ),
]
