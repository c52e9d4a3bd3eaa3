// What the client calls the things it makes: unique, and the same in each try to tell of one.

/** A new id, as the server allows them. */
export function newId() {
  return crypto.randomUUID?.() ?? `${Date.now()}.${Math.random()}`;
}
