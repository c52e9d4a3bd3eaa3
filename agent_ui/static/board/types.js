// The shapes of what the board is told (docs/protocol.md), for the type checker.

/**
 * @typedef {Record<string, string>} Names
 * @typedef {{value: number | null, seconds: number, way: string}} ServiceLevel
 *
 * @typedef {object} Row a channel of a queue, as the server sends it; durations in seconds
 * @property {string} queue key
 * @property {Names} name
 * @property {string} organisation key
 * @property {string} channel
 * @property {number} waiting
 * @property {number | null} longest_wait_s
 * @property {number} in_hand
 * @property {number} entered
 * @property {number} accepted
 * @property {number} abandoned
 * @property {number} short_abandoned
 * @property {ServiceLevel} service_level
 * @property {number | null} asa_s
 * @property {number | null} aht_s
 * @property {number} [handled] how many handlings aht_s is the mean of
 * @property {number} promises
 * @property {number} kept
 * @property {boolean | null} open
 * @property {string | null} [opens_at] when the hours begin; null within them
 * @property {{low_s: number, high_s: number} | null} [estimate] of the wait of who came now
 * @property {boolean} [estimate_silent] citizens are told none
 * @property {number} [estimated] how many waits estimate_held is of
 * @property {number | null} [estimate_held]
 *
 * @typedef {Omit<Row, "longest_wait_s"> & {waitFrom: number | null}} Line a row as the board keeps
 *   it: not how long the first has waited, which always changes, but since when (milliseconds of
 *   the server's clock)
 *
 * @typedef {object} Queue
 * @property {string} id
 * @property {string} queue key
 * @property {Names} name
 * @property {string} organisation
 * @property {Line[]} lines its channels
 *
 * @typedef {object} Agent
 * @property {string} agent id
 * @property {string} name
 * @property {string} organisation
 * @property {string} state
 * @property {string | null} reason
 * @property {string} since
 * @property {number} load
 * @property {number} capacity
 *
 * @typedef {object} Gap contacts that wait for a skill that nobody has
 * @property {string} queue key
 * @property {string} language
 * @property {number} level
 * @property {"nobody_able" | "nobody_on_duty"} why nobody has it, or nobody at work
 * @property {number} waiting
 * @property {string} since
 *
 * @typedef {{mean: number, low: number | null, high: number | null}} Span
 *
 * @typedef {object} Outlook what is expected of a queue until it closes
 * @property {string} queue key
 * @property {string} organisation key
 * @property {string} closes_at
 * @property {number} days earlier days that it rests on
 * @property {Span | null} late waits that are or get too long
 * @property {Span | null} backlog who waits still then
 * @property {{late: Span, backlog: Span} | null} one_more by how much less with one agent more
 *
 * @typedef {object} Board what the newest frame said
 * @property {string} at when the figures were true; "" before the first frame
 * @property {string | null} zone null where the organisations have several
 * @property {Queue[]} queues
 * @property {Agent[]} agents
 * @property {Gap[]} uncovered
 * @property {Outlook[]} outlook
 *
 * @typedef {object} Sums of several lines; null where a mean can't rightly be taken of them
 * @property {number} waiting
 * @property {number | null} waitFrom
 * @property {number} in_hand
 * @property {number} entered
 * @property {number} accepted
 * @property {number} abandoned
 * @property {number} short_abandoned
 * @property {number} promises
 * @property {number} kept
 * @property {ServiceLevel | null} service_level
 * @property {{value: number | null} | null} asa
 * @property {{value: number | null} | null} aht
 */

export {};
