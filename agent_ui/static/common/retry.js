// How long a lost socket waits before it tries again.

/** The close code of a server that has too many of us. */
export const TOO_MANY = 4429;

/** Milliseconds to wait before the next try: doubling, and no two browsers at the same moment.
 * @param {number} tries that failed in a row
 * @param {number} code of the close
 * @param {number} longest_ms
 * @param {number} [chance] from 0 to 1 */
export function retryAfter(tries, code, longest_ms, chance = Math.random()) {
  const first = code === TOO_MANY ? 5_000 : 500;
  return Math.min(longest_ms, first * 2 ** Math.min(tries, 10)) * (0.5 + chance / 2);
}
