// What happens elsewhere on the screen is said aloud, and what needs the agent is shown.

import { announce } from "../common/announce.js";
import { clockTime, dateTime, isToday } from "../common/format.js";
import { named, t } from "../common/i18n.js";
import { settings } from "../common/settings.js";
import { cameBack, shutBy } from "./mail_words.js";
import { info, notify, over, selected } from "./model.js";
import { beep, blip } from "./sound.js";

/** @import {Card, Frame, State} from "./types.js" */

/** The queue's name in the language of the screen. @param {string} key */
export function queueName(key) {
  return named(info.value?.queues.find((one) => one.key === key)?.name, key);
}

/** Who turns to us, by the best name there is. @param {Card} card */
export function personName(card) {
  const nobody = card.channel === "chat" ? "citizen" : "unknown";
  return card.person?.name || card.person?.address || t(`console.person.${nobody}`);
}

/** Whether the messages of a contact are before the agent's eyes. @param {string} contact */
export function isShown(contact) {
  const open = selected.value === contact && !document.hidden;
  return open && document.getElementById("case")?.checkVisibility() === true;
}

/** @param {State} before @param {State} after @param {Frame} frame */
export function react(before, after, frame) {
  if (isBack(before, after)) over("missed");
  REACTIONS[frame.type]?.(before, after, frame);
}

/** @type {Record<string, (before: State, after: State, frame: Frame) => void>} */
const REACTIONS = {
  snapshot(_before, after) {
    for (const one of after.offers) sayOffer(one.contact, (one.endsAt - performance.now()) / 1000);
  },
  offer(before, _after, frame) {
    if (before.offers.some((one) => one.offer === frame.offer)) return;
    sayOffer(frame.contact, frame.expires_in_s);
    if (settings.value.sound) beep();
  },
  offer_ended(before, _after, frame) {
    if (!before.offers.some((one) => one.offer === frame.offer)) return;
    if (frame.why === "accepted") over("missed");
    if (frame.why === "accepted" && asked(frame)) return;
    const text = t(`console.offer.ended.${frame.why}`);
    if (frame.why === "missed") return notify("info", text, undefined, "missed");
    if (frame.why === "declined") over("missed");
    announce(text);
  },
  contact(before, after, frame) {
    const { contact: id, state } = frame.contact;
    const was = before.contacts[id];
    const now = after.contacts[id];
    if (was && now) return chatChanged(was, now, asked(frame));
    if (!was && now && frame.automatic) return sayTaken(now);
    if (!was) return frame.contact.state === "queued" && asked(frame) ? announce(t("console.spam.undone")) : undefined;
    if (frame.contact.aside === "spam") {
      return notify("info", t("console.spam.done", { person: personName(was) }), { verb: "not_spam", contact: id });
    }
    if (was.callback && ["scheduled", "queued", "closed"].includes(state) && goesOn(was, frame.contact)) return;
    if (asked(frame)) announce(t(state === "closed" ? "console.say.closed" : "console.say.passed_on"));
    else notify("info", t("console.contact.left", { person: personName(was) }));
  },
  message(_before, after, frame) {
    const card = after.contacts[frame.contact];
    if (!card) return;
    const { direction } = frame.message;
    if (direction === "inbound") {
      // Of the open case the timeline itself is read.
      if (isShown(card.contact)) return;
      announce(t("console.say.message", { person: personName(card) }));
      if (settings.value.soundMessages) blip();
    } else if (direction === "note") announce(t("console.say.note_saved"));
    else if (card.channel !== "chat") announce(t("console.say.reply_saved"));
  },
  file(_before, _after, frame) {
    const shut = shutBy(frame.file);
    if (shut) announce(`${frame.file.name}: ${t(`console.mail.file.${shut}`, { found: frame.file.scan_name ?? "" })}`);
  },
  agent(before, after) {
    if (!after.status || before.status?.value === after.status.value) return;
    const why = after.status.reason ?? "";
    if (["missed", "ended_by_supervisor"].includes(why)) return announce(t(`console.state.${why}`));
    announce(t("console.say.state", { state: t(`state.${after.status.value}`) }));
  },
  delivery(before, after, frame) {
    const known = before.deliveries[frame.send_id];
    const partly = frame.refused?.length > (known?.refused?.length ?? 0) && frame.state !== "failed";
    if (!partly && (known?.state === frame.state || !["failed", "unknown"].includes(frame.state))) return;
    const card = after.contacts[frame.contact];
    const person = card ? personName(card) : t("console.person.unknown");
    const what = partly ? "partly" : frame.state === "failed" && cameBack(frame.code) ? "came_back" : frame.state;
    notify("error", t(`console.say.${what}`, { person }));
  },
  merge(_before, after, frame) {
    const card = after.contacts[frame.contacts[0]];
    if (card) notify("info", t(`console.same.${frame.undone ? "undone" : "merged"}_by`, { person: personName(card), by: frame.by }));
  },
  sender(_before, _after, frame) {
    const { contact, address, blocked } = frame;
    if (!blocked) return announce(t("console.block.undone", { address }));
    notify("info", t("console.block.done", { address }), { verb: "unblock_sender", contact });
  },
  notice(_before, after, frame) {
    // Of one's own answer the delivery has said it.
    if (after.deliveries[frame.send_id] || !after.undelivered.some((one) => one.send_id === frame.send_id)) return;
    announce(t("console.say.undelivered", { person: frame.recipient }));
  },
  notice_ended(_before, _after, frame) {
    if (asked(frame) && frame.why !== "resent") announce(t("console.say.undelivered_ended"));
  },
};

/** Says what happens with a callback that nobody answered. Returns whether it is that.
 * @param {Card} was @param {Card} now */
function goesOn(was, now) {
  const { attempts = 0, most = 0, next_at = null, outcome = null } = now.callback ?? {};
  if (attempts <= (was.callback?.attempts ?? 0)) return false; // it left for another reason
  if (outcome !== "no_answer" && outcome !== "busy") return false;
  const said = { person: personName(was), n: attempts, most };
  if (now.state === "closed") notify("info", t(`console.call.over${was.callback?.email ? "_mail" : ""}`, said));
  else if (!next_at) notify("info", t("console.call.back", said));
  else notify("info", t("console.call.back_at", { ...said, time: (isToday(next_at) ? clockTime : dateTime)(next_at) }));
  return true;
}

/** The citizen came back, or ended the chat. @param {Card} was @param {Card} now @param {boolean} mine */
function chatChanged(was, now, mine) {
  if (now.channel !== "chat") return;
  const said = { person: personName(now) };
  if (was.state === "active" && now.state === "wrap_up" && !mine) {
    notify("info", t(now.ended ? `console.chat.ended_by_${now.ended}` : "console.chat.ended_by", said));
  } else if (!was.idle_closes_at && now.idle_closes_at) announce(t("console.say.silent", said));
  else if (was.here === false && now.here && selected.value === now.contact) announce(t("console.chat.back", said));
}

/** Whether I have become available. @param {State} before @param {State} after */
function isBack(before, after) {
  return after.status?.value === "available" && before.status?.value !== "available";
}

/** Whether the frame answers what I asked, in this tab or another. @param {Frame} frame */
function asked(frame) {
  return frame.ref !== undefined;
}

/** A mail that came without an offer. @param {Card} card */
function sayTaken(card) {
  announce(t("console.say.taken", { person: personName(card), queue: queueName(card.queue) }));
  if (settings.value.soundMessages) blip();
}

/** @param {Card} card @param {number} seconds */
function sayOffer(card, seconds) {
  const said = {
    queue: queueName(card.queue),
    channel: t(`channel.${card.channel}`),
    person: personName(card),
    n: Math.round(seconds),
  };
  announce(t(settings.value.shortcuts ? "console.say.offer_keys" : "console.say.offer", said));
}
