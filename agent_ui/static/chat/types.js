// What the socket carries and the screen shows (docs/protocol.md, /ws/chat).

/** @typedef {{type: string, [field: string]: any}} Frame */

/** @typedef {object} Message
 * @property {number} seq rises, with gaps
 * @property {"inbound" | "outbound"} direction inbound: the citizen's own
 * @property {string} from
 * @property {string} [client_id] of one's own
 * @property {string} text
 * @property {ChatFile[]} [files]
 * @property {string} at */

/** A file of a message. `url`: where it may be fetched, once it may be.
 * @typedef {{id: string, name: string, media_type: string, size: number,
 *   scan: "none" | "waiting" | "clean" | "infected" | "failed", scan_name?: string, url?: string}} ChatFile */

/** One's own message that the server has not echoed yet. `error`: why it was refused, "" without
 * words of the server; null: on its way.
 * @typedef {{client_id: string, text: string, at: string, error: string | null, files?: ChatFile[]}} Unsent */

/** @typedef {"start" | "connecting" | "waiting" | "talking" | "closed" | "left_message" | "changed"} Phase */

/** @typedef {object} State
 * @property {Phase} phase
 * @property {string | null} contact
 * @property {string | null} agent who answers
 * @property {boolean} lost the agent who answered is gone: waiting again
 * @property {number} place in line, from 1; 0: not told yet
 * @property {{low_s: number, high_s: number} | null} wait how long it is estimated to last yet
 * @property {boolean} staffed whether anybody is on duty
 * @property {Message[]} messages by seq
 * @property {number} typingAt monotonic milliseconds; 0: not typing
 * @property {number} readSeq the agent has seen the messages up to here
 * @property {string | null} reason why the chat was closed
 * @property {string | null} opensAt
 * @property {boolean} mayLeave whether a message may be left after the end
 * @property {string[]} offers what the wait may be changed to: callback, mail
 * @property {{most_bytes: number}} [files] whether files may be sent, and how large
 * @property {string | null} statusUrl of the request to be called that it was changed to */

/** What is left where no chat could be, to be answered by mail.
 * @typedef {{request_id: string, address: string, text: string}} LeftMessage */

/** What survives a reload. `at`: milliseconds of the last sign of life.
 * @typedef {object} Kept
 * @property {number} at
 * @property {string} [resume]
 * @property {string} [request_id] of a start that has no welcome yet
 * @property {string} [language]
 * @property {string} [name]
 * @property {string} [draft]
 * @property {Unsent[]} [unsent] */

/** What the server wrote into the page.
 * @typedef {object} Given
 * @property {string} queue
 * @property {Record<string, string>} names of the queue, by language
 * @property {Record<string, string>} texts
 * @property {number} resume_s how long the server keeps the way back open */

export {};
