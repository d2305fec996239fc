// Words, marks and look-ups of a plan and its run.

const STEPS = INDEX.steps;
const RAN = Boolean(INDEX.run);
// A state never shows by its colour alone: it has a mark and a word too.
const STATES = {
  done: { mark: "✓", word: "done" },
  failed: { mark: "✕", word: "failed" },
  undone: { mark: "↶", word: "put back" },
  stuck: { mark: "‼", word: "could not be put back" },
  unfinished: { mark: "…", word: "no end is known" },
  left: { mark: "○", word: "not begun" },
  "": { mark: "·", word: "planned" },
};
const BARS = INDEX.bars.map(([step, kind, attempt, start, end, detail]) => ({ step, kind, attempt, start, end, detail }));
const barsOf = STEPS.map(() => []);
BARS.forEach((bar) => barsOf[bar.step].push(bar));
const dependants = STEPS.map(() => []);
STEPS.forEach((step, at) => step.needs.forEach((need) => dependants[need].push(at)));

const verb = (step) => step.id.slice(step.id.lastIndexOf(":") + 1);
const laneOf = (step) => INDEX.lanes[step.lane][0];
const lengthOf = (bar) => (bar.end === null ? null : bar.end - bar.start);
const inSeconds = (value) => (value === null ? "?" : value < 9.95 ? `${value.toFixed(2)} s` : value < 600 ? `${value.toFixed(1)} s` : inHours(value));
function inHours(value) {
  if (value < 100) return `${Math.round(value)} s`;
  const minutes = Math.round(value / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
const worked = (bars) => bars.reduce((sum, bar) => sum + (lengthOf(bar) || 0), 0);
const countOf = (state) => STEPS.filter((step) => step.state === state).length;

const stateMark = (state) => el("span", { class: `state s-${state || "planned"}`, title: STATES[state].word }, el("span", { "aria-hidden": "true" }, STATES[state].mark), el("span", { class: "sr" }, STATES[state].word));

// A text of a file or a script: read at once when its piece is there already, as printing wants.
const texts = new Map();
async function textOf(number) {
  if (number < 0) return null;
  const [piece, place] = pieceOf(INDEX.textStarts, number);
  if (!texts.has(piece)) texts.set(piece, await load(`texts-${piece}`));
  return texts.get(piece)[place];
}
function textNow(number) {
  const [piece, place] = pieceOf(INDEX.textStarts, number);
  return number < 0 ? null : texts.get(piece)?.[place] ?? null;
}
async function detailOf(at) {
  const [piece, place] = pieceOf(INDEX.detailStarts, at);
  return (await load(`details-${piece}`))[place];
}

const stepLink = (at) => el("button", { type: "button", class: "link", onclick: () => stepChooser.open(at) }, `${at + 1}. ${STEPS[at].id}`);
function stepsCard(title, places) {
  if (!places.length) return null;
  return el("div", { class: "card" }, el("h3", null, title), el("ul", null, places.slice(0, 30).map((at) => el("li", null, stepLink(at))), places.length > 30 ? el("li", null, `and ${places.length - 30} more`) : null));
}
