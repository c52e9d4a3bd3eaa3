// What the socket carries and the screen shows (docs/protocol.md, /ws/chat).

/** @typedef {{type: string, [field: string]: any}} Frame */

/** @typedef {object} Message
 * @property {number} seq rises, with gaps
 * @property {"inbound" | "outbound"} direction inbound: the citizen's own
 * @property {string} from
 * @property {string} [client_id] of one's own
 * @property {string} text
 * @property {ChatFile[]} [files]
 * @property {string[]} [choices] answers that may be pressed instead of typing
 * @property {string} at */

/** An agent came or left. `agent`: "" where no name is told.
 * @typedef {{id: string, at: string, agent: string, came: boolean, why?: string}} Turn */

/** A file of a message. `url`: where it may be fetched, once it may be.
 * @typedef {{id: string, name: string, media_type: string, size: number,
 *   scan: "none" | "waiting" | "clean" | "infected" | "failed", scan_name?: string, url?: string}} ChatFile */

/** One's own message that the server has not echoed yet. `error`: why it was refused, "" without
 * words of the server; null: on its way.
 * @typedef {{client_id: string, text: string, at: string, error: string | Record<string, string> | null,
 *   files?: ChatFile[]}} Unsent */

/** What is said on the screen: by language as the server gives it, or made anew in the screen's own.
 * @typedef {string | Record<string, string> | (() => string)} Words */

/** @typedef {"start" | "connecting" | "waiting" | "talking" | "closed" | "left_message" | "changed"} Phase */

/** @typedef {object} State
 * @property {Phase} phase
 * @property {string | null} contact
 * @property {string | null} agent who answers; "" where no name is told
 * @property {boolean} lost the agent who answered is gone: waiting again
 * @property {number} place in line, from 1; 0: not told yet
 * @property {{low_s: number, high_s: number} | null} wait how long it is estimated to last yet
 * @property {string} [closesAt] when the queue closes, where the wait may last until then
 * @property {boolean} staffed whether anybody is on duty
 * @property {Message[]} messages by seq
 * @property {Turn[]} turns which agents came and left
 * @property {number} idleAt monotonic milliseconds: when silence ends the chat; 0: nobody asks
 * @property {Phase | null} leftFrom what was going on when it ended
 * @property {number} typingAt monotonic milliseconds; 0: not typing
 * @property {number} readSeq the agent has seen the messages up to here
 * @property {string | null} reason why the chat was closed
 * @property {string | null} opensAt
 * @property {{number: string, link: string}} [phone] by which one may call instead
 * @property {boolean} mayLeave whether a message may be left after the end
 * @property {boolean} mayCall whether a call may be asked for after the end
 * @property {string[]} offers what the wait may be changed to: callback, mail
 * @property {{most_bytes: number}} [files] whether files may be sent, and how large
 * @property {boolean} asked whether the call was asked for without a chat before it
 * @property {string | null} statusUrl of the request to be called that it was changed to */

/** What is left where no chat could be, to be answered by mail.
 * @typedef {{request_id: string, address: string, text: string}} LeftMessage */

/** What survives a reload. `at`: milliseconds of the last sign of life.
 * @typedef {object} Kept
 * @property {number} at
 * @property {string} [resume]
 * @property {string} [request_id] of a start that has no welcome yet
 * @property {string} [language] of the page
 * @property {string} [spoken] in which one wishes to be answered
 * @property {Matter} [matter] that was chosen
 * @property {string} [name]
 * @property {string} [draft]
 * @property {Unsent[]} [unsent] */

/** What a chat may be about: a topic, or a queue by its own name. Names are by language.
 * @typedef {object} Matter
 * @property {string} organisation
 * @property {Record<string, string>} group the organisation's names
 * @property {string} topic "" where it is a queue by itself
 * @property {string} queue
 * @property {Record<string, string>} names
 * @property {Record<string, string>} hint
 * @property {string[]} languages in which one is answered
 * @property {string[]} asks what the page asks: name, language
 * @property {"open" | "quiet" | "away" | "closed"} stands
 * @property {string | null} opens_at
 * @property {{number: string, link: string} | null} [phone] by which it may be called
 * @property {[number, number] | null} wait seconds
 * @property {string[]} offers what can be done instead: leave_message, callback */

/** What the server wrote into the page.
 * @typedef {object} Given
 * @property {string} key by which the page keeps a chat that goes on
 * @property {boolean} chooses whether one of several matters is chosen
 * @property {Matter[]} matters
 * @property {Record<string, string>} names what the chat is called before one is chosen
 * @property {Record<string, string>} texts
 * @property {string} [logo] where the city's is
 * @property {number} resume_s how long the server keeps the way back open */

export {};
