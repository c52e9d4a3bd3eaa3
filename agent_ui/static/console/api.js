// What the console asks over HTTP.

import { setServerDate } from "../common/format.js";

/** @import {CaseArea, CaseService, CaseTimes, Info, Known, Message, OpenFeedback, Proposal, Proposed, Reply, Settled, Waiting, Why} from "./types.js" */

/** An answer that was no success. */
export class Failed extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {string} path @param {RequestInit} [how] */
async function ask(path, how) {
  const answer = await fetch(path, { headers: { Accept: "application/json" }, ...how });
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => ({}));
  const all = Array.isArray(body.errors) ? body.errors.map((/** @type {{message: string}} */ one) => one.message) : [];
  throw new Failed(answer.status, all.join(" ") || (body.message ?? `${answer.status}`));
}

/** Who I am, and the names of queues, dispositions and colleagues.
 * @returns {Promise<Info>} */
export async function info() {
  const answer = await ask("/api/console");
  setServerDate(answer.headers.get("date"));
  return answer.json();
}

/** False only where the server says that nobody is signed in. */
export async function signedIn() {
  try {
    await ask("/api/console", { signal: AbortSignal.timeout(5_000) });
  } catch (error) {
    return !(error instanceof Failed && error.status === 401);
  }
  return true;
}

/** A page of a case's messages, oldest first.
 * @param {string} caseId @param {number} before
 * @returns {Promise<{messages: Message[], more: boolean}>} */
export async function earlier(caseId, before) {
  const path = `/api/cases/${encodeURIComponent(caseId)}/messages?before=${before}&limit=50`;
  return (await ask(path)).json();
}

/** Have a file that could not be scanned given to the scanner once more; the file as it stands.
 * @param {string} id @returns {Promise<import("./types.js").Attachment>} */
export async function scanAgain(id) {
  return (await ask(`/api/attachments/${encodeURIComponent(id)}/scan`, { method: "POST" })).json();
}

/** What stands around what was written in a mail, quotes and signature.
 * @param {string} caseId @param {number} seq
 * @returns {Promise<string>} */
export async function rest(caseId, seq) {
  return (await (await ask(`/api/messages/${encodeURIComponent(caseId)}/${seq}/rest`)).json()).rest;
}

/** Why a contact went to its agent.
 * @param {string} contact
 * @returns {Promise<Why>} */
export async function why(contact) {
  return (await ask(`/api/contacts/${encodeURIComponent(contact)}/why`)).json();
}

/** @param {string} path @param {unknown} body */
function send(path, body) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** @param {string} id */
const personPath = (id) => `/api/persons/${encodeURIComponent(id)}`;

/** All that is known of a person, read for a contact of mine.
 * @param {string} id @param {string} contact
 * @returns {Promise<Known>} */
export async function person(id, contact) {
  return (await ask(`${personPath(id)}?contact=${encodeURIComponent(contact)}`)).json();
}

/** Who might be the same person. @param {string} id @returns {Promise<Proposal[]>} */
export async function proposals(id) {
  return (await (await ask(`${personPath(id)}/proposals`)).json()).proposals;
}

/** Whose an address or a number is.
 * @param {string} address @returns {Promise<Proposal[]>} */
export async function findPersons(address) {
  return (await (await send("/api/persons/find", { address })).json()).persons;
}

/** Two persons are one; checked: how I made sure.
 * @param {string} id @param {string} other @param {string | null} checked */
export async function mergePersons(id, other, checked) {
  await send(`${personPath(id)}/merge`, { other, checked });
}

/** They are two after all. @param {string} merge */
export async function undoMerge(merge) {
  await send(`/api/merges/${encodeURIComponent(merge)}/undo`, {});
}

/** Hide a person's addresses, or show them again.
 * @param {string} id @param {boolean} hidden */
export async function protectPerson(id, hidden) {
  await send(`${personPath(id)}/protection`, { protected: hidden });
}

/** The addresses of a protected person, for a reason.
 * @param {string} id @param {string} reason
 * @returns {Promise<import("./types.js").Identity[]>} */
export async function revealPerson(id, reason) {
  return (await (await send(`${personPath(id)}/addresses`, { reason })).json()).identities;
}

/** Which service a case is about, and which others are suggested, or found by words.
 * @param {string} caseId @param {string} find
 * @returns {Promise<CaseService>} */
export async function caseService(caseId, find) {
  const path = `/api/cases/${encodeURIComponent(caseId)}/service`;
  return (await ask(find ? `${path}?find=${encodeURIComponent(find)}` : path)).json();
}

/** Say which it is; null: none.
 * @param {string} caseId @param {number | null} service
 * @returns {Promise<CaseService>} */
export async function sayService(caseId, service) {
  return (await send(`/api/cases/${encodeURIComponent(caseId)}/service`, { service })).json();
}

/** Which part of the city a case is about, and which there are.
 * @param {string} caseId
 * @returns {Promise<CaseArea>} */
export async function caseArea(caseId) {
  return (await ask(`/api/cases/${encodeURIComponent(caseId)}/area`)).json();
}

/** Say which it is; null: not known.
 * @param {string} caseId @param {string | null} area
 * @returns {Promise<CaseArea>} */
export async function sayArea(caseId, area) {
  return (await send(`/api/cases/${encodeURIComponent(caseId)}/area`, { area })).json();
}

/** How fast a case was reacted to and answered.
 * @param {string} caseId
 * @returns {Promise<CaseTimes>} */
export async function caseTimes(caseId) {
  return (await ask(`/api/cases/${encodeURIComponent(caseId)}/times`)).json();
}

/** Why the person may have turned to us, and whether that could have been avoided.
 * @param {string} contact
 * @returns {Promise<Proposed>} */
export async function proposedReason(contact) {
  return (await ask(`/api/contacts/${encodeURIComponent(contact)}/reason`)).json();
}

/** What the citizen said unasked, where the case was opened by that; null: by something else.
 * @param {string} caseId @returns {Promise<OpenFeedback | null>} */
export async function openFeedback(caseId) {
  return (await (await ask(`/api/cases/${encodeURIComponent(caseId)}/feedback`)).json()).feedback;
}

/** Decide about it, and show it to everybody or not.
 * @param {string} caseId @param {Settled & {seen: string}} settled
 * @returns {Promise<OpenFeedback>} */
export async function settleFeedback(caseId, settled) {
  return (await (await send(`/api/cases/${encodeURIComponent(caseId)}/feedback`, settled)).json()).feedback;
}

/** What waits that I may take out of its turn.
 * @returns {Promise<Waiting[]>} */
export async function waiting() {
  return (await (await ask("/api/waiting/mine")).json()).contacts;
}

/** What an answer by mail to a contact of mine would be.
 * @param {string} contact
 * @returns {Promise<Reply>} */
export async function reply(contact) {
  return (await ask(`/api/contacts/${encodeURIComponent(contact)}/reply`)).json();
}

/** Make a language the user's own: errors and the next pages come in it.
 * @param {string} language */
export async function keepLanguage(language) {
  const body = new URLSearchParams({ language, next: "/console" });
  const answer = await fetch("/account/language", { method: "POST", body, redirect: "manual" });
  // A page answers by sending its form on.
  if (answer.type !== "opaqueredirect" && !answer.ok) throw new Failed(answer.status, "language");
}

/** Sign out; the server closes the sockets. */
export async function signOut() {
  await ask("/api/session", { method: "DELETE" });
}
