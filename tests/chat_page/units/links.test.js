import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../../../agent_ui/static/common/links.js";

/** @param {string} text */
const links = (text) => pieces(text).filter((one) => one.href).map((one) => [one.text, one.href]);

const SAME = [
  "https://www.mikkeli.fi/asuminen?a=1&b=(2)#c", "HTTPS://Mikkeli.fi", "http://localhost:8080/x",
  "https://fi.wikipedia.org/wiki/Mikkeli_(kaupunki)", "https://jyväskylä.fi/päätös", "https://[::1]:80/",
];

test("a web address leads where it says, whatever stands around it", () => {
  for (const url of SAME) {
    for (const around of [`${url}`, `Katso ${url}.`, `(${url})`, `"${url}"`, `${url}, ja`, `<${url}>`, `»${url}»…`]) {
      assert.deepEqual(links(around), [[url, url]], around);
    }
  }
  assert.deepEqual(links("www.mikkeli.fi!"), [["www.mikkeli.fi", "https://www.mikkeli.fi"]]);
});

test("mail and phone are links, and what only looks like them is not", () => {
  assert.deepEqual(links("aino.v@mikkeli.fi, mailto:x@jyväskylä.fi?bcc=q"), [
    ["aino.v@mikkeli.fi", "mailto:aino.v@mikkeli.fi"],
    ["mailto:x@jyväskylä.fi", "mailto:x@jyväskylä.fi"],
  ]);
  for (const [text, href] of [
    ["040 123 4567", "tel:0401234567"], ["040-1234567", "tel:0401234567"], ["015 194 1", ""], ["015 1941", "tel:0151941"],
    ["+358 (0)40 1234567", "tel:+358401234567"], ["+358 40 123 4567", "tel:+358401234567"], ["0401234567", "tel:0401234567"],
  ]) assert.deepEqual(links(`Soita ${text}.`), href ? [[text, href]] : [], text);
  for (const text of [
    "01-02-2026", "2026-11-27", "klo 08-16", "FI21 1234 5600 0007 85", "131052-308T", "1.000.000", "viite 1234 5678", "112",
    "javascript:alert(1)", "data:text/html,x", "ftp://a.fi", "www.", "www.fi", "http://", "a..b@x.fi", "@aino", "x@y",
    "https://mikkeli.fi@evil.example/", "https://a:b@c.fi", "https://mikkeli.fi%2eevil.example", "https:////evil.example/mikkeli",
    ..."\u2044\u2215\u29f8\u2571\u3002\u0338\u3164\u115f\u061c".split("").map((sign) => `https://mikkeli.fi${sign}.evil.example/x`),
  ]) assert.deepEqual(links(text), [], text);
});

/** The same numbers at each run. @param {number} seed */
function random(seed) {
  return () => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
}

const BITS = [
  ..."abcXYZ0129 \n\t.,;:!?()[]{}<>\"'/\\@%&=+-_#~|åäö", "https://", "http://", "www.", "mailto:", "tel:", "javascript:",
  "data:", "mikkeli.fi", "aino@x.fi", "040 123 4567", "+358", "\u202e", "\u200b", "\u00a0", "😀", "👩‍👩‍👧", "\ud83d", "&lt;script>", "%0a", "(0)",
];

test("property: the text stays what it was, and a link leads nowhere else than it says", () => {
  const next = random(7);
  for (let run = 0; run < 4_000; run++) {
    const text = Array.from({ length: 1 + next() * 24 }, () => BITS[Math.floor(next() * BITS.length)]).join("");
    const found = pieces(text);
    assert.equal(found.map((one) => one.text).join(""), text);
    assert.ok(found.every((one) => one.text));
    for (const { text: said, href } of found) {
      if (href === null) continue;
      assert.match(href, /^(https?:\/\/|mailto:[^?&]+$|tel:\+?\d{7,15}$)/i, JSON.stringify(text));
      assert.doesNotMatch(said, /[,;:!?…]$|[\n\t<>"'\u200b\u202e]/u, JSON.stringify(text));
      const letters = (/** @type {string} */ one) => one.replace("(0)", "").replace(/[^\p{L}\p{N}]/gu, "");
      assert.ok(letters(href).endsWith(letters(said.replace(/^mailto:/i, ""))), JSON.stringify(text));
    }
  }
});

test("long and hostile texts come to an end: a pattern that went back and forth would not", () => {
  for (const bit of [")", "a@", "a.", "www.", "0 1", "+1 ", "12 ", `https://a.fi/${")".repeat(1_900)} `, `a@${"a".repeat(61)}`]) {
    const text = bit.repeat(Math.ceil(50_000 / bit.length));
    assert.equal(pieces(text).map((one) => one.text).join(""), text);
  }
});
