// Figures as the server sends them, for the unit tests.

export const AT = Date.parse("2026-11-26T08:00:00Z");

/** @param {object} [fields] */
export function row({ level = null, seconds = 60, way = "negative", ...fields } = {}) {
  return {
    queue: "parking", name: { fi: "Pysäköinti" }, organisation: "city", channel: "chat", waiting: 0,
    longest_wait_s: null, in_hand: 0, entered: 0, accepted: 0, abandoned: 0, short_abandoned: 0,
    service_level: { value: level, seconds, way }, asa_s: null, aht_s: null, promises: 0, kept: 0, open: null,
    ...fields,
  };
}

/** @param {object} [fields] */
export function line({ waited = null, ...fields } = {}) {
  const { longest_wait_s: _, ...rest } = row({ waiting: waited === null ? 0 : 1, ...fields });
  return { ...rest, waitFrom: waited === null ? null : AT - waited * 1000 };
}

/** @param {string} id @param {...object} lines */
export function queue(id, ...lines) {
  return { id, queue: id, name: { fi: id }, organisation: "city", lines };
}

/** @param {object} [fields] */
export function agent(fields) {
  return {
    agent: "1", name: "Aino", organisation: "city", state: "available", reason: null,
    since: "2026-11-26T07:00:00+00:00", load: 0, capacity: 3, ...fields,
  };
}

/** @param {object[]} queues @param {object[]} [agents] @param {number} [later_ms] */
export function frame(queues, agents = [], later_ms = 0) {
  return { type: "board", at: new Date(AT + later_ms).toISOString(), zone: "Europe/Helsinki", queues, agents };
}
