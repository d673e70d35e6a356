// A lender's own colours, made readable: whatever they are, text keeps the contrast that WCAG 2.2 AA asks for.

const NAMES = ["accent", "background", "surface", "text", "font", "heading-font", "radius"];
const PAINTED = ["surface", "accent", "accent-soft", "accent-ink", "ink", "muted", "line", "edge"];
const OF_TEXT = 4.6; // 4.5 and a little, because colours are rounded
const OF_EDGES = 3.1;
const BLACK = [16, 20, 20];
const WHITE = [255, 255, 255];
const root = document.documentElement;
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

export function wear(theme) {
  for (const name of NAMES) root.style.setProperty(`--respite-${name}`, theme[name] ?? "");
  keepReadable();
}

export function keepReadable() {
  for (const name of PAINTED) root.style.removeProperty(`--${name}`);
  const [paper, given, accent, ink, muted, edge] = ["paper", "surface", "accent", "ink", "muted", "edge"].map(colour);
  const surface = isDark(paper) === isDark(given) ? given : mixed(paper, WHITE, isDark(paper) ? 0.06 : 0.6);
  const grounds = [paper, surface, mixed(surface, accent, 0.12)];
  const readable = legible(accent, grounds);
  paint("surface", surface);
  paint("accent-soft", grounds[2]);
  paint("accent", readable);
  paint("accent-ink", contrast(WHITE, readable) > contrast(BLACK, readable) ? WHITE : BLACK);
  const text = legible(ink, grounds, OF_TEXT, 2 * OF_TEXT);
  paint("ink", text);
  paint("muted", legible(muted, grounds));
  paint("line", mixed(surface, text, 0.16));
  paint("edge", legible(edge, grounds, OF_EDGES));
}

function colour(name) {
  canvas.fillStyle = getComputedStyle(root).getPropertyValue(`--${name}`).trim();
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function paint(name, rgb) {
  root.style.setProperty(`--${name}`, `rgb(${rgb.map(Math.round).join(" ")})`);
}

// A colour that can be read on each of `grounds`; another one in its place is `better` to read than it needs to be
function legible(wanted, grounds, least = OF_TEXT, better = least) {
  const end = isDark(grounds[0]) ? WHITE : BLACK;
  for (let share = 0; share < 1; share += 0.04) {
    const tried = mixed(wanted, end, share).map(Math.round);
    if (grounds.every((ground) => contrast(tried, ground) >= (share ? better : least))) return tried;
  }
  return end;
}

const isDark = (rgb) => luminance(rgb) < 0.18;

function mixed(one, other, share) {
  return one.map((part, place) => part + (other[place] - part) * share);
}

// WCAG 2.2, "relative luminance" and "contrast ratio"
function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", keepReadable);
