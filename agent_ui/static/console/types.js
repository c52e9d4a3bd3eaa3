// The shapes of what the server says (docs/protocol.md), for the type checker.

/**
 * @typedef {"available" | "away" | "break" | "training" | "offline"} AgentState
 * @typedef {"queued" | "sending" | "sent" | "failed" | "unknown"} DeliveryState
 * @typedef {"inbound" | "outbound" | "note"} Direction
 *
 * @typedef {object} Person
 * @property {string | null} id
 * @property {string} name
 * @property {string | null} [address]
 * @property {boolean} [protected] whose addresses nobody sees
 * @property {string} [known_as] another name that the number or address is known by
 *
 * @typedef {object} Card a contact as screens get it
 * @property {string} contact
 * @property {string} case
 * @property {string} queue key
 * @property {string} channel
 * @property {string} direction
 * @property {string} language
 * @property {string | null} [page_language] in which a chatting citizen reads the page
 * @property {string} state
 * @property {number} version
 * @property {string | null} owner
 * @property {number} [units] of its owner's capacity that it takes up
 * @property {string} first_arrival
 * @property {string} wait_from
 * @property {number} unread
 * @property {string} case_state
 * @property {string} [answer_by] until when the law wants an answer
 * @property {Person} [person]
 * @property {string | null} [subject]
 * @property {{seen_at: string | null}} [page] the citizen has the case's page, opened last then
 * @property {string | null} [draft]
 * @property {DraftMail} [draft_mail] what the draft says beside its text
 * @property {"spam" | "blocked" | "report" | "automatic"} [aside] why it was closed and kept out of the line
 * @property {string | null} [accepted]
 * @property {string | null} [held_from] on hold since
 * @property {string | null} [paused_from] a mail that makes room for a live contact since
 * @property {string | null} [wrap_up_from]
 * @property {Callback} [callback] of a callback
 * @property {boolean | null} [here] of a chat: whether the citizen's page is connected now
 * @property {string | null} [away_from] since when it is not
 * @property {"left" | "idle" | "expired" | null} [ended] of a chat: how it ended on the citizen's side
 * @property {string | null} [idle_closes_at] of a chat: when it closes, because its citizen is silent
 * @property {number} [citizen_read] of a chat: the citizen has seen the messages up to there
 *
 * @typedef {{kind: "email" | "phone" | "chat", strength: string, seen_at: string, address?: string, shown?: string}} Identity
 * @typedef {{contact: string, channel: string, direction: string, queue: {key: string, name: Names}, state: string,
 *   at: string, disposition: string | null}} KnownContact
 * @typedef {{case: string, subject: string, state: string, opened_at: string,
 *   service?: {id: string, name: Names} | null, contacts: KnownContact[]}} KnownCase
 * @typedef {{contact: string, handling: number | null, service: number | null, text: string, at: string}} KnownFeedback
 * @typedef {{merge: string, name: string, grounds: string[], checked: string | null, by: string | null, at: string}} Merge
 * @typedef {{person: string, name: string, addresses?: {kind: string, address: string}[], grounds?: string[],
 *   enough?: boolean}} Proposal who might be the same person
 *
 * @typedef {object} Known all that is known of a person (docs/persons.md)
 * @property {string} person
 * @property {string} name
 * @property {string[]} names
 * @property {boolean} protected
 * @property {boolean} may_reveal
 * @property {string} since
 * @property {string | null} language
 * @property {string | null} channel
 * @property {Identity[]} identities
 * @property {KnownCase[]} cases
 * @property {KnownFeedback[]} feedback
 * @property {Merge[]} merges
 * @property {boolean} more
 *
 * @typedef {object} Callback a call that the city owes
 * @property {number} attempts so far
 * @property {number} most
 * @property {{from: string, to: string} | null} promise null: as soon as possible
 * @property {"reached" | "no_answer" | "busy" | "wrong_number" | null} outcome of the last attempt
 * @property {string | null} dialled_at
 * @property {string | null} [next_at] when it is tried again
 * @property {string} [number] E.164; for its owner, as the rest
 * @property {string} [shown] as people write it
 * @property {string | null} [email]
 *
 * @typedef {object} Attachment
 * @property {string} id
 * @property {string} name
 * @property {string} media_type
 * @property {number} size bytes
 * @property {true} [inline] shown by the mail's HTML
 * @property {"none" | "waiting" | "clean" | "infected" | "failed"} [scan] what the scanner said
 * @property {string} [scan_name] what it found, or why it could not look
 *
 * @typedef {{address: string, name?: string}} Address
 *
 * @typedef {object} DraftMail
 * @property {string[]} [to]
 * @property {string[]} [cc]
 * @property {string[]} [bcc]
 * @property {boolean} [quote]
 * @property {Attachment[]} [attachments]
 *
 * @typedef {object} Invitation a meeting
 * @property {"request" | "cancel" | "reply" | "publish" | "other"} method
 * @property {string} summary
 * @property {string} [starts] ISO 8601 with offset, or a date alone
 * @property {string} [ends]
 * @property {string} [location]
 * @property {string} [organiser]
 *
 * @typedef {object} MailFacts what a mail tells beside its text
 * @property {Address[]} [to]
 * @property {Address[]} [cc]
 * @property {Address[]} [bcc] of ours
 * @property {Address | null} [reply_to]
 * @property {Address} [sent_by]
 * @property {Record<string, string>} [authentication] results of spf, dkim, dmarc
 * @property {string[]} [marks]
 * @property {Invitation | null} [invitation]
 * @property {number} [forwarded] of ours: the number of the message that it passes on
 *
 * @typedef {object} Message
 * @property {number} seq 1, 2, 3 in the case
 * @property {Direction} direction
 * @property {string} from
 * @property {string} text
 * @property {string} at
 * @property {string} [client_id] only of messages written by this agent
 * @property {string | null} [address] of an inbound message
 * @property {true} [automatic] written by a machine
 * @property {true} [other_sender] not from an address of the case's person
 * @property {string} [send_id] only of messages that leave the house
 * @property {string} [subject]
 * @property {boolean} [html]
 * @property {boolean} [rest] there are quotes or a signature beside the text
 * @property {MailFacts} [mail]
 * @property {Attachment[]} [attachments]
 * @property {string[]} [choices] of a chat: answers that the citizen could press
 *
 * @typedef {object} Delivery
 * @property {string} send_id
 * @property {DeliveryState} state
 * @property {string | null} [code] the other server's word, or ours
 * @property {number | null} [message_seq]
 * @property {number} [attempts]
 * @property {string | null} [next_at] when it is tried again
 * @property {{address: string, code: string | null}[]} [refused] those whom the relay will not take it for
 * @property {string[]} [taken] those who have it, where others don't yet
 * @property {string | null} [delayed_at] when another server reported that it still tries
 * @property {string | null} [delay_code]
 *
 * @typedef {object} Undelivered an answer of ours that did not arrive, until somebody settles it
 * @property {string} send_id
 * @property {string | null} case
 * @property {string | null} contact
 * @property {number | null} message_seq
 * @property {string} subject
 * @property {string} recipient
 * @property {string | null} code
 * @property {string} at
 *
 * @typedef {object} Offer
 * @property {string} offer
 * @property {Card} contact
 * @property {number} endsAt monotonic milliseconds of this browser
 * @property {number} total_s the longest time seen, for the bar
 *
 * @typedef {{value: AgentState, reason: string | null, since: string}} Status
 * @typedef {{id: string, name: string, capacity: number, role: string, language: string}} Me
 * @typedef {{messages: Message[], more: boolean}} Timeline
 *
 * @typedef {object} State what the server has told so far
 * @property {boolean} ready
 * @property {number} seq of the newest numbered frame
 * @property {Me | null} me
 * @property {Status | null} status
 * @property {Offer[]} offers
 * @property {Record<string, Card>} contacts mine, by id
 * @property {Record<string, number>} versions of every contact seen
 * @property {Record<string, Timeline>} timelines by case
 * @property {Record<string, Delivery>} deliveries by send_id
 * @property {Undelivered[]} undelivered oldest first
 * @property {Record<string, boolean>} blocked whether the sender is, by contact, where that was told
 * @property {Record<string, number>} typing when the citizen last typed, by contact
 * @property {Record<string, true>} taken contacts that were taken for me without asking, and that I have not opened
 * @property {Record<string, Attachment>} scans files as the scanner left them
 * @property {Record<string, number>} merges by contact, the newest frame that says of its person who else it is
 * @property {Card[]} closed those I closed lately, newest first
 *
 * @typedef {object} Reply what an answer by mail would be
 * @property {Address} from
 * @property {string[]} to
 * @property {string} subject
 * @property {string} greeting
 * @property {string} signature
 * @property {string} quote
 * @property {boolean} [page] no mail reaches anybody: it is read on the page of the case
 *
 * @typedef {object} Upload a file on its way to the server
 * @property {string} id ours
 * @property {string} contact
 * @property {string} name
 * @property {number} size bytes
 * @property {number} sent bytes of it
 * @property {File} file
 * @property {string | null} error why it could not be taken
 * @property {boolean} again whether another try may help
 *
 * @typedef {object} Unsent a reply, note or forward that the server has not confirmed
 * @property {string} client_id
 * @property {string} contact
 * @property {string} case
 * @property {"reply" | "note" | "forward"} kind
 * @property {import("./mail_draft.js").Mail} [mail] of a mail: what it says beside its text
 * @property {{seq: number, files: boolean}} [original] of a forward: what it passes on, and whether with its files
 * @property {string[]} [choices] answers that the citizen may press
 * @property {string} text
 * @property {string} at
 * @property {string} who the person, for when the contact is no longer mine
 * @property {string | null} error what the server said, null while it may still go
 *
 * @typedef {object} Act what must happen once, until the server has answered it
 * @property {string} id
 * @property {"start" | "attempt"} type
 * @property {string} object
 * @property {Frame} frame
 *
 * @typedef {{name: string, number: string, email: string}} Told who a person is, as typed
 *
 * @typedef {{[field: string]: any, type: string}} Frame
 *
 * @typedef {{contact: string, queue: string, channel: string, language: string, first_arrival: string, wait_from: string}} Waiting
 *
 * @typedef {Record<string, string>} Names
 * @typedef {object} Declining what an organisation lets its agents say
 * @property {string} organisation
 * @property {{key: string, name: Names | null}[]} reasons a name is null where it is in the catalogue
 * @property {boolean} free whether none need be given
 * @typedef {{key: string, name: Names, text: Names, organisation: string}} Template
 * @typedef {object} Info GET /api/console
 * @property {{id: string, name: string, role: string, organisation: string, language: string, may_pull?: boolean}} user
 * @property {string} [zone] of the user's organisation: what moments are shown in
 * @property {{key: string, name: Names, organisation: string, languages: string[], decision?: boolean}[]} queues
 * @property {{key: string, name: Names, organisation: string}[]} dispositions
 * @property {Reason[]} [reasons] why people turn to us
 * @property {Template[]} [templates]
 * @property {{id: string, name: string, state: AgentState}[]} agents
 * @property {AgentState[]} states
 * @property {string[]} decline_reasons
 * @property {Declining[]} [declining]
 */

export {};

/** How a contact came back, or who had it out of its turn (docs/api.md).
 * @typedef {object} Happened
 * @property {string} at
 * @property {string} what
 * @property {string | null} agent null: not for my eyes
 * @property {boolean} me
 * @property {{key: string, name: Record<string, string> | null} | null} reason
 * @property {string | null} by
 */

/** Why a person turned to us. @typedef {{key: string, name: Names, organisation: string}} Reason */
/** What the agent says of it in wrap-up, "" for nothing. @typedef {{reason: string, mark: string}} Said */

/** What is proposed (docs/api.md).
 * @typedef {object} Proposed
 * @property {string | null} reason
 * @property {string} mark
 * @property {boolean} repeat
 */

/** @typedef {{calendar_s: number, working_s: number}} CaseTime */
/** null: not yet. @typedef {{reaction: CaseTime | null, answer: CaseTime | null}} CaseTimes */

/** A service of the city, by its name in each language.
 * @typedef {object} Service
 * @property {number} id
 * @property {Record<string, string>} name
 */

/** Which service a case is about (docs/api.md).
 * @typedef {object} CaseService
 * @property {(Service & {removed: boolean}) | null} service
 * @property {Service[]} suggested
 */

/** Which part of the city a case is about, who stated it, and what there is.
 * @typedef {object} CaseArea
 * @property {string | null} area
 * @property {"agent" | "citizen" | null} by
 * @property {{key: string, name: Names}[]} areas
 * @property {string | null} suggested
 */

/** What a citizen said unasked (docs/api.md).
 * @typedef {object} OpenFeedback
 * @property {"form" | "open311"} via
 * @property {string} kind
 * @property {string} about
 * @property {Record<string, string> | null} service
 * @property {string} place
 * @property {number | null} lat
 * @property {number | null} long
 * @property {string | null} media_url
 * @property {string} text
 * @property {string | null} decision
 * @property {string} reason
 * @property {string | null} decided_by
 * @property {string | null} decided_at
 * @property {string | null} public_text
 * @property {string} public_place
 * @property {boolean} public_point
 * @property {boolean} public_media
 * @property {string} changed_at
 */

/** What comes of it, and what everybody may read of it.
 * @typedef {Pick<OpenFeedback, "decision" | "reason" | "public_text" | "public_place" | "public_point" | "public_media">} Settled */

/** Why a contact went to its agent (docs/api.md).
 * @typedef {object} Why
 * @property {string | null} [taken] pulled, automatic: how it came to its agent without an accepted offer
 * @property {{why: "level" | "language" | "queue" | "preferred"}[]} steps
 * @property {Happened[]} history
 * @property {{agent: string | null, known: boolean, others: number, counts: Record<string, number>}[]} decisions
 */
