// Two short tones for an offer. Made here, nothing is fetched.

/** @type {AudioContext | undefined} */
let audio;

/** Sound the offer's tones; silent where the browser allows no sound yet. */
export function beep() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") void audio.resume();
  const start = audio.currentTime;
  tone(audio, 660, start);
  tone(audio, 880, start + 0.16);
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
