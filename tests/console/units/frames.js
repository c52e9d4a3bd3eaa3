// Frames as the server sends them, for the unit tests.

export const ME = "7";

/** @param {object} [fields] */
export function card(fields) {
  return {
    contact: "1", case: "2", queue: "parking", channel: "mail", direction: "citizen", language: "fi",
    state: "active", version: 1, owner: ME, first_arrival: "2026-11-23T08:00:00.000000+00:00",
    wait_from: "2026-11-23T08:00:00.000000+00:00", unread: 0, case_state: "open", ...fields,
  };
}

/** @param {number} seq @param {object} [fields] */
export function message(seq, fields) {
  return { seq, direction: "inbound", from: "Maija", text: `text ${seq}`, at: `2026-11-23T08:0${seq % 10}:00+00:00`, ...fields };
}

/** @param {object} [fields] */
export function snapshot(fields) {
  return {
    type: "snapshot", seq: 10, agent: { id: ME, name: "Aino", capacity: 3, role: "agent", language: "fi" },
    state: { value: "available", reason: null, since: "2026-11-23T08:00:00+00:00" },
    contacts: [], offers: [], ...fields,
  };
}
