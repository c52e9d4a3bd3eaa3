// Two short tones for an offer, a lower one for a message. Made here, nothing is fetched.

const QUIET_MS = 3_000; // several messages in a row are one sound

/** @type {AudioContext | undefined} */
let audio;
let messageAt = -Infinity;

/** Sound the offer's tones; silent where the browser allows no sound yet. */
export function beep() {
  play([660, 880]);
}

/** Sound a message's tone, at most one in 3 s. */
export function blip() {
  if (performance.now() - messageAt < QUIET_MS) return;
  messageAt = performance.now();
  play([520]);
}

/** @param {number[]} tones in hertz */
function play(tones) {
  audio ??= new AudioContext();
  if (audio.state === "suspended") void audio.resume();
  const start = audio.currentTime;
  for (const [n, hertz] of tones.entries()) tone(audio, hertz, start + n * 0.16);
}

/** @param {AudioContext} on @param {number} hertz @param {number} at */
function tone(on, hertz, at) {
  const oscillator = new OscillatorNode(on, { frequency: hertz });
  const gain = new GainNode(on, { gain: 0 });
  gain.gain.setTargetAtTime(0.12, at, 0.01);
  gain.gain.setTargetAtTime(0, at + 0.1, 0.03);
  oscillator.connect(gain).connect(on.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.3);
}
