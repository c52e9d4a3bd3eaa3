// Files on their way to the server, for an answer that is being written: each goes at once, with
// its progress, and hangs on the draft when it is there.

import { announce } from "../common/announce.js";
import { t } from "../common/i18n.js";
import { changeMail, draftOf, save } from "./drafts.js";
import { newId } from "./ids.js";
import { tooMuch } from "./mail_draft.js";
import { state, uploads } from "./model.js";

/** @import {Attachment, Upload} from "./types.js" */

/** @type {Map<string, XMLHttpRequest>} */
const running = new Map();

/** Files that were chosen, dropped or pasted. @param {string} contact @param {Iterable<File>} files */
export function attach(contact, files) {
  for (const file of files) {
    const others = [...draftOf(contact).mail.files, ...uploads.value.filter((one) => one.contact === contact && !one.error)];
    const wrong = tooMuch(others, file);
    const { name, size } = file;
    /** @type {Upload} */
    const one = { id: newId(), contact, name, size, sent: 0, file, error: wrong && t(`console.attach.${wrong}`), again: false };
    uploads.value = [...uploads.value, one];
    if (wrong) announce(`${name}: ${one.error}`);
    else send(one);
  }
}

/** Try again what the network has lost. @param {Upload} one */
export function again(one) {
  change(one.id, { error: null, sent: 0 });
  send(one);
}

/** Stop it, or take what failed off the screen. @param {Upload} one */
export function putAway(one) {
  running.get(one.id)?.abort();
  forget(one.id);
}

/** @param {Upload} one */
function send({ id, contact, name, file }) {
  const request = new XMLHttpRequest(); // fetch tells nothing of the progress of a body
  running.set(id, request);
  request.open("POST", `/api/uploads?${new URLSearchParams({ contact, name })}`);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  request.responseType = "json";
  request.upload.onprogress = ({ loaded }) => change(id, { sent: loaded });
  request.onload = () => {
    if (request.status === 201) return arrived(id, contact, request.response);
    failed(id, name, request.response?.message ?? t("console.attach.lost"), request.status >= 500 || request.status === 429);
  };
  request.onerror = () => failed(id, name, t("console.attach.lost"), true);
  request.send(file);
}

/** @param {string} id @param {string} contact @param {Attachment} file */
function arrived(id, contact, file) {
  forget(id);
  if (!state.value.contacts[contact]) return; // gone meanwhile: the server drops what no draft names
  changeMail(contact, { files: [...draftOf(contact).mail.files, file] });
  save(contact);
  announce(t("console.attach.done", { name: file.name }));
}

/** @param {string} id @param {string} name @param {string} error @param {boolean} again whether another try may help */
function failed(id, name, error, again) {
  running.delete(id);
  change(id, { error, again });
  announce(`${name}: ${error}`);
}

/** @param {string} id @param {Partial<Upload>} now */
function change(id, now) {
  uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, ...now } : one));
}

/** @param {string} id */
function forget(id) {
  running.delete(id);
  uploads.value = uploads.value.filter((one) => one.id !== id);
}
