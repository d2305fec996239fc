// The steps in the order of running, and what must come before what as a picture.

const MOST_NODES = 48;
let stepList = null;
let steps = [];
let dependants = []; // places of the steps that need this one
let chosenStep = -1;
let shownSteps = [];
let stepWords = [];

async function buildOrder(panel) {
  steps = await load("steps");
  dependants = steps.map(() => []);
  steps.forEach((step, at) => step.needs.forEach((number) => dependants[number - 1]?.push(at)));
  if (!steps.length) { panel.append(el("p", { class: "none" }, "There is nothing to do.")); return; }
  const box = el("div", { class: "list", role: "listbox", tabindex: "0", "aria-label": "Steps" });
  const search = el("input", { type: "search", id: "search-steps", placeholder: "Search steps  ( / )", "aria-label": "Search steps", spellcheck: "false",
    oninput: (event) => { stepWords = event.target.value.toLowerCase().split(/\s+/).filter(Boolean); filterSteps(); } });
  const counts = INDEX.phases.map((phase) => el("span", null, el("b", { class: phase }, phase), ` ${steps.filter((step) => step.phase === phase).length}`));
  const left = el("div", { class: "left" }, el("div", { class: "filters" }, search, el("div", { class: "found" }, counts)), box);
  panel.append(left, grip(left), el("div", { class: "right", id: "step", tabindex: "0", "aria-label": "The step" }));
  stepList = new VirtualList(box, 48, stepRow);
  box.addEventListener("keydown", (event) => {
    const way = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (way) { event.preventDefault(); moveStep(way); }
  });
  filterSteps();
  if (chosenStep < 0) chooseStep(0, false);
}

function filterSteps() {
  shownSteps = steps.map((_, at) => at).filter((at) => {
    const hay = `${steps[at].title} ${steps[at].type} ${steps[at].object} ${steps[at].phase} ${steps[at].hazards.map(([name]) => name).join(" ")}`.toLowerCase();
    return stepWords.every((word) => hay.includes(word));
  });
  stepList.set(shownSteps.length);
}

function stepRow(place) {
  const at = shownSteps[place];
  const step = steps[at];
  return el("div", {
    class: "item step", role: "option", id: `step-${at}`, "aria-selected": String(at === chosenStep),
    "aria-setsize": shownSteps.length, "aria-posinset": place + 1, onclick: () => chooseStep(at, false),
  },
  el("span", { class: "number" }, String(at + 1)), el("span", { class: "name", title: step.title }, step.title),
  el("span", { class: "tags" }, step.hazards.slice(0, 2).map(([name]) => hazardTag(name))),
  el("span", { class: "hint" }, el("b", { class: step.phase }, step.phase), step.transactional ? "" : " · not in a transaction", step.because ? ` · ${step.because}` : ""));
}

function moveStep(way) {
  const place = Math.max(0, Math.min(shownSteps.length - 1, shownSteps.indexOf(chosenStep) + way));
  if (shownSteps.length) chooseStep(shownSteps[place], false);
}

async function chooseStep(at, open) {
  if (open) await openTab("order");
  chosenStep = at;
  const place = shownSteps.indexOf(at);
  if (place >= 0) stepList.reveal(place, open);
  stepList.box.setAttribute("aria-activedescendant", `step-${at}`);
  remember(`step=${at + 1}`);
  const step = steps[at];
  const object = OBJECTS.find((each) => each.type === step.type && fullName(each) === step.object);
  const sql = await sqlOf(at);
  if (chosenStep !== at) return;
  const host = document.getElementById("step");
  const link = object ? el("button", { type: "button", class: "link", onclick: () => chooseObject(object) }, `${step.type} ${step.object}`) : el("span", null, `${step.type} ${step.object}`);
  host.replaceChildren(
    el("div", { class: "title" }, el("h2", null, `${at + 1}. ${step.title}`)),
    el("div", { class: "meta" }, link, el("span", null, "phase ", el("b", { class: step.phase }, step.phase)),
      el("span", null, step.transactional ? "in a transaction" : "not in a transaction: a failure does not take it back")),
    ...graph(at),
    el("div", { class: "cards" }, card("Because", step.because ? [step.because] : []), hazardCard(step.hazards), card("Before it runs, the script asks", step.guards),
      linkCard("Needs", step.needs.map((number) => number - 1)), linkCard("Needed by", dependants[at])),
    el("div", { class: "bar" }, el("span", { class: "grow" }), copyButton(sql, "copy")), sqlBlock(sql));
}

function linkCard(title, places) {
  if (!places.length) return null;
  const items = places.slice(0, 30).map((at) => el("li", null, el("button", { type: "button", class: "link", onclick: () => chooseStep(at, true) }, `${at + 1}. ${steps[at].title}`)));
  return el("div", { class: "card" }, el("h3", null, title), el("ul", null, items, places.length > 30 ? el("li", null, `and ${places.length - 30} more`) : null));
}

// The steps near one: what it needs and what needs it, the nearest first.
function neighbourhood(at) {
  const everything = steps.length <= MOST_NODES && steps.some((step) => step.needs.length);
  if (everything) {
    const tied = steps.map((_, place) => place).filter((place) => steps[place].needs.length || dependants[place].length);
    return tied.includes(at) ? tied : [at, ...tied].sort((a, b) => a - b);
  }
  const found = new Set([at]);
  let ring = [at];
  while (ring.length && found.size < MOST_NODES) {
    const next = [];
    for (const place of ring) {
      for (const other of [...steps[place].needs.map((number) => number - 1), ...dependants[place]]) {
        if (!found.has(other) && found.size < MOST_NODES) { found.add(other); next.push(other); }
      }
    }
    ring = next;
  }
  return [...found].sort((a, b) => a - b);
}

// Needs among these steps, without those that follow from others.
function reduced(places) {
  const inside = new Set(places);
  const direct = new Map(places.map((at) => [at, steps[at].needs.map((number) => number - 1).filter((need) => inside.has(need))]));
  const above = new Map();
  for (const at of places) { // needs are earlier: one pass is enough
    const all = new Set();
    for (const need of direct.get(at)) { all.add(need); above.get(need)?.forEach((each) => all.add(each)); }
    above.set(at, all);
  }
  const edges = [];
  for (const at of places) {
    for (const need of direct.get(at)) {
      if (!direct.get(at).some((other) => other !== need && above.get(other).has(need))) edges.push([need, at]);
    }
  }
  return edges;
}

function layered(places, edges) {
  const layer = new Map(places.map((at) => [at, 0]));
  for (const [from, to] of edges) layer.set(to, Math.max(layer.get(to), layer.get(from) + 1));
  const columns = [];
  for (const at of places) (columns[layer.get(at)] ||= []).push(at);
  const row = new Map();
  const place = () => columns.forEach((column) => column.forEach((at, number) => row.set(at, number - column.length / 2)));
  place();
  const near = (at, way) => edges.filter((edge) => edge[way] === at).map((edge) => row.get(edge[1 - way]));
  const mean = (values, otherwise) => (values.length ? values.reduce((a, b) => a + b, 0) / values.length : otherwise);
  for (let round = 0; round < 8; round += 1) {
    for (const column of round % 2 ? [...columns].reverse() : columns) {
      const wish = new Map(column.map((at) => [at, mean(near(at, round % 2 ? 0 : 1), row.get(at))]));
      column.sort((a, b) => wish.get(a) - wish.get(b) || a - b);
      column.forEach((at, number) => row.set(at, number - column.length / 2));
    }
  }
  return { columns, row };
}

function graph(at) {
  const places = neighbourhood(at);
  const edges = reduced(places);
  if (!edges.length) return [];
  const { columns, row } = layered(places, edges);
  const [width, height, gapX, gapY] = [250, 38, 56, 12];
  const tallest = Math.max(...columns.map((column) => column.length));
  const whole = { x: columns.length * (width + gapX) - gapX + 24, y: tallest * (height + gapY) + 20 };
  const spot = new Map();
  columns.forEach((column, number) => column.forEach((each) => {
    spot.set(each, { x: 12 + number * (width + gapX), y: whole.y / 2 + row.get(each) * (height + gapY) + gapY / 2 });
  }));
  const wires = edges.map(([from, to]) => {
    const [a, b] = [spot.get(from), spot.get(to)];
    const [x1, y1, x2, y2] = [a.x + width, a.y + height / 2, b.x, b.y + height / 2];
    const bend = Math.max(28, (x2 - x1) / 2);
    return svg("path", { class: `edge${from === at || to === at ? " on" : ""}`, d: `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`, "marker-end": "url(#tip)" });
  });
  const nodes = places.map((each) => {
    const step = steps[each];
    const { x, y } = spot.get(each);
    const go = () => chooseStep(each, false);
    return svg("g", { class: `node ${step.phase}${each === at ? " on" : ""}`, transform: `translate(${x},${y})`, tabindex: "0", role: "button", "aria-label": `step ${each + 1}: ${step.title}`, onclick: go, onkeydown: (event) => { if (event.key === "Enter") go(); } },
      svg("title", {}, `${each + 1}. ${step.title}`), svg("rect", { width, height, rx: 7 }),
      svg("text", { x: 9, y: 16 }, fitted(step.title, width - 18, 12)), svg("text", { class: "sub", x: 9, y: 30 }, fitted(`${each + 1} · ${step.object}${step.hazards.length ? ` · ! ${step.hazards[0][0]}` : ""}`, width - 18, 10.5)));
  });
  const tip = svg("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" }, svg("path", { d: "M0,0 L8,4 L0,8 z", fill: "currentColor", "fill-opacity": .55 }));
  const picture = svg("svg", { width: whole.x, height: whole.y, viewBox: `0 0 ${whole.x} ${whole.y}`, role: "group", "aria-label": "What must come before what" }, svg("defs", {}, tip), ...wires, ...nodes);
  const box = el("div", { class: "graph", tabindex: "0", "aria-label": "What must come before what" }, picture);
  requestAnimationFrame(() => {
    const here = spot.get(at);
    box.scrollTo(here.x - box.clientWidth / 2 + width / 2, here.y - box.clientHeight / 2);
  });
  const some = places.length < steps.length ? `${many(places.length, "step")} near this one; ${many(steps.length, "step")} in all` : `all ${many(steps.length, "step")}`;
  const legend = el("div", { class: "legend" }, INDEX.phases.map((phase) => el("span", null, el("i", { class: phase }), phase)), el("span", null, `left runs before right · ${some}`));
  return [box, legend];
}
