// Two soft tones for a new message. Loaded for those who switch the sound on.

const NOTES = [[587.33, 0], [880, 0.14]];

let audio;

export function chime() {
  audio ??= new AudioContext();
  audio.resume();
  for (const [pitch, after] of NOTES) {
    const begin = audio.currentTime + after;
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.12, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + 0.5);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 0.5);
  }
}
