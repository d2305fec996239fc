// The steps as a picture: a lane for each host, instance and database; seconds for a run, the order for a plan.

const LANE = { row: 22, gap: 6, head: 22, tick: 18 };
const FOLD = 34; // pixels of a folded time in which nothing ran
const LEAST = 4; // pixels of the shortest bar
const BEHIND = 70; // pixels behind the last second: the name of a short bar stands there
const NARROWEST = 560; // pixels of the shortest line of seconds: on a phone it is scrolled

// Where everything is, in pixels. `room` is what there is for the bars; `zoom` makes it longer.
function layout(index, room, zoom) {
  return index.bars.length ? timeLayout(index, room, zoom) : orderLayout(index, room, zoom);
}

function timeLayout(index, room, zoom) {
  const seconds = index.busy.reduce((sum, [start, end]) => sum + end - start, 0) || 1;
  const folds = FOLD * (index.busy.length - 1);
  const left = lefts(index);
  const leftWidth = left.most ? 16 + 15 * left.most : 0;
  const scale = (Math.max(NARROWEST, room - folds - leftWidth - BEHIND) / seconds) * zoom;
  let at = 0;
  const parts = index.busy.map(([start, end]) => {
    const part = { start, end, x: at };
    at += (end - start) * scale + FOLD;
    return part;
  });
  const until = at - FOLD + BEHIND;
  const x = (second) => {
    const part = parts.findLast((each) => each.start <= second) || parts[0];
    return part.x + (Math.min(second, part.end) - part.start) * scale;
  };
  const bars = index.bars.map(([step, kind, , start, end], number) => ({
    number, step, kind, lane: index.steps[step].lane, x: x(start), w: Math.max(LEAST, end === null ? 14 : x(end) - x(start) - 1),
  }));
  const ticks = parts.flatMap((part) => ticksOf(part, scale).map((second) => ({ x: x(part.start + second), text: `${part.start ? "+" : ""}${second} s` })));
  const gaps = parts.slice(1).map((part, number) => ({ x: part.x - FOLD, w: FOLD, seconds: part.start - parts[number].end }));
  const bands = index.bands.map(([name, start, end]) => ({ name, x: x(start), w: Math.max(LEAST, x(end) - x(start)) }));
  const boxes = left.boxes.map((box) => ({ ...box, x: until + 15 * box.place }));
  return { ...stacked(index, bars, until), ticks, gaps, bands: inRows(bands), left: boxes, leftX: left.most ? until : 0, width: until + leftWidth };
}

// The steps of a run that were never begun, a box for each, at the end of its lane; at most 12.
function lefts(index) {
  const counts = new Map();
  const boxes = [];
  index.steps.forEach((step, at) => {
    if (step.state !== "left") return;
    const place = counts.get(step.lane) || 0;
    counts.set(step.lane, place + 1);
    if (place < 12) boxes.push({ step: at, lane: step.lane, place, more: 0 });
    else boxes.findLast((box) => box.lane === step.lane).more += 1;
  });
  return { boxes, most: Math.min(12, Math.max(0, ...counts.values())) };
}

// Round seconds from the start of a part on, 70 pixels apart or more.
function ticksOf({ start, end }, scale) {
  const wish = 70 / scale;
  const power = 10 ** Math.floor(Math.log10(wish));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= wish);
  const found = [];
  for (let number = 0; number * step <= end - start + 1e-9; number += 1) found.push(Number((number * step).toFixed(6)));
  return found;
}

function orderLayout(index, room, zoom) {
  const levels = 1 + Math.max(0, ...index.steps.map((step) => step.level));
  const column = Math.max(levels > 60 ? 12 : 44, Math.min(150, room / levels)) * zoom;
  const bars = index.steps.map((step, at) => ({ number: at, step: at, kind: "", lane: step.lane, x: step.level * column, w: column - Math.min(10, column / 3) }));
  const stages = [...new Set(index.steps.map((step) => step.stage))];
  const bands = stages.map((name) => {
    const own = index.steps.filter((step) => step.stage === name).map((step) => step.level);
    const [first, last] = [Math.min(...own), Math.max(...own)];
    return { name, x: first * column, w: (last - first + 1) * column - 4 };
  });
  return { ...stacked(index, bars, levels * column + 20), ticks: [], gaps: [], bands: inRows(bands), left: [], leftX: 0, width: levels * column };
}

// Bars that would lie on one another get rows of their own within their lane. `room`: what is free behind a bar.
function stacked(index, bars, end) {
  const ends = index.lanes.map(() => []);
  for (const bar of [...bars].sort((a, b) => a.x - b.x || a.number - b.number)) {
    const rows = ends[bar.lane];
    const free = rows.findIndex((last) => last.x + last.w <= bar.x + 0.5);
    bar.row = free < 0 ? rows.length : free;
    bar.room = end - bar.x - bar.w;
    if (rows[bar.row]) rows[bar.row].room = bar.x - rows[bar.row].x - rows[bar.row].w;
    rows[bar.row] = bar;
  }
  let y = 0;
  const lanes = index.lanes.map(([name, host], number) => {
    const lane = { name, host, y, h: LANE.row * Math.max(1, ends[number].length) + LANE.gap };
    y += lane.h;
    return lane;
  });
  for (const bar of bars) bar.y = lanes[bar.lane].y + LANE.gap / 2 + bar.row * LANE.row;
  return { bars, lanes, height: y };
}

// Stages that were worked on at the same time stand below one another; the shortest are drawn a little too long.
function inRows(bands) {
  const ends = [];
  for (const band of [...bands].sort((a, b) => a.x - b.x)) {
    const free = ends.findIndex((end) => end <= band.x + LEAST);
    band.row = free < 0 ? ends.length : free;
    ends[band.row] = band.x + band.w;
  }
  return bands;
}

const MOST_EDGES = 160;

// The picture in `room` pixels. `go` is called with a step; `id` is the picture's own.
function picture(room, zoom, go, id = "screen") {
  const names = room < 560 ? 84 : 150;
  const plan = layout(INDEX, room - names - 26, zoom);
  const rows = 1 + Math.max(0, ...plan.bands.map((band) => band.row));
  const top = LANE.head * rows + (plan.ticks.length ? LANE.tick : 4);
  const [width, height] = [names + plan.width + 26, top + plan.height + 4];
  const shift = (x) => names + x;
  const lanes = plan.lanes.map((lane, number) => svg("rect", { class: `lane${number % 2 ? " odd" : ""}`, x: 0, y: top + lane.y, width, height: lane.h }));
  const bands = plan.bands.map((band, number) => svg("rect", { class: `band${number % 2 ? " odd" : ""}`, x: shift(band.x), y: 0, width: band.w, height }));
  const ticks = plan.ticks.map(({ x }) => svg("line", { class: "tick", x1: shift(x), x2: shift(x), y1: top, y2: height }));
  const jobs = plan.bars.map((bar) => jobNode(bar, shift(bar.x), top + bar.y, go, id));
  return svg("svg", { class: "timeline", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `The steps ${RAN ? "on a line of seconds" : "in their order"}; arrow keys go from one to the next` },
    patterns(id), ...lanes, ...bands, ...gapNodes(plan, shift, top), ...ticks, ...edges(plan, shift, top), ...leftNodes(plan, shift, top), ...jobs,
    sideNode(plan, names, top, height), headNode(plan, shift, width, top), svg("rect", { class: "ground corner", width: names, height: top }));
}

// The names of the lanes: they stay where they are when the rest is scrolled to the right.
function sideNode(plan, names, top, height) {
  const several = new Set(INDEX.lanes.map(([, host]) => host)).size > 1;
  return svg("g", { class: "side" }, svg("rect", { class: "ground", width: names, height }),
    ...plan.lanes.flatMap((lane, number) => [
      svg("rect", { class: `lane${number % 2 ? " odd" : ""}`, x: 0, y: top + lane.y, width: names, height: lane.h }),
      svg("text", { class: "lane-name", x: 8, y: top + lane.y + 17 }, fitted(several && lane.name !== lane.host ? `${lane.host}: ${lane.name}` : lane.name, names - 14, 12)),
    ]));
}

// Stages and seconds: they stay when the rest is scrolled down.
function headNode(plan, shift, width, top) {
  const bands = plan.bands.flatMap((band) => [
    svg("rect", { class: "band-head", x: shift(band.x), y: band.row * LANE.head + 2, width: band.w, height: LANE.head - 5, rx: 4 }, svg("title", {}, band.name)),
    svg("text", { class: "band-name", x: shift(band.x) + 6, y: band.row * LANE.head + 15 }, band.w > 36 ? fitted(band.name, band.w - 10, 11) : ""),
  ]);
  const ticks = plan.ticks.map(({ text, x }) => svg("text", { class: "small", x: shift(x), y: top - 4, ...(x < 12 ? { "text-anchor": "start" } : {}) }, text));
  const left = plan.leftX ? [svg("text", { class: "small", x: shift(plan.leftX), y: top - 4, "text-anchor": "start" }, "not begun")] : [];
  return svg("g", { class: "head" }, svg("rect", { class: "ground", width, height: top }), ...bands, ...ticks, ...left);
}

function gapNodes(plan, shift, top) {
  return plan.gaps.map(({ x, w, seconds }) => svg("g", {}, svg("title", {}, `nothing ran for ${inHours(seconds)}`),
    svg("rect", { class: "gap", x: shift(x) + 5, y: top, width: w - 10, height: plan.height }),
    svg("text", { class: "small", transform: `translate(${shift(x) + w / 2 + 4},${top + plan.height / 2}) rotate(-90)` }, plan.height > 90 ? `${inHours(seconds)} later` : "")));
}

function leftNodes(plan, shift, top) {
  return plan.left.map((box) => {
    const y = top + plan.lanes[box.lane].y;
    const more = box.more ? [svg("text", { class: "small", x: shift(box.x) + 14, y: y + 18, "text-anchor": "start" }, `+${box.more}`)] : [];
    return svg("g", {}, svg("title", {}, `${STEPS[box.step].id}: not begun`), svg("rect", { class: "left-box", x: shift(box.x), y: y + 8, width: 11, height: 12, rx: 2 }), ...more);
  });
}

const FILLS = { undone: "stripes", failed: "crosses", stuck: "crosses" };

function jobNode(bar, x, y, go, id) {
  const step = STEPS[bar.step];
  const made = BARS[bar.number];
  const time = RAN ? ` · ${inSeconds(lengthOf(made))}${made.attempt > 1 ? ` · attempt ${made.attempt}` : ""}` : "";
  const told = `${step.id}: ${STATES[bar.kind].word}${time}`;
  const mark = ["done", ""].includes(bar.kind) ? "" : `${STATES[bar.kind].mark} `;
  const height = LANE.row - 3;
  const beside = bar.w < 40 && bar.room > 60; // too short for a word, and there is room for one
  const words = bar.w > 22 ? fitted(`${mark}${verb(step)}`, bar.w - 7, 11) : "";
  const label = words === mark + verb(step) || words.length > mark.length + 2 ? words : bar.w >= 11 ? mark.trim() : "";
  return svg("g", {
    class: `job b-${bar.kind || step.stage}${step.hazards.length ? " costly" : ""}`, tabindex: bar.number ? -1 : 0, role: "button", "aria-label": told, "data-n": bar.number, onclick: () => go(bar.step),
  },
  svg("title", {}, `${told}\n${step.title}${made?.detail ? `\n${made.detail}` : ""}${step.hazards.map((hazard) => `\n! ${hazard[0]}:${hazard[1]}`).join("")}`),
  svg("rect", { x, y, width: bar.w, height, rx: Math.min(4, bar.w / 3), ...(FILLS[bar.kind] ? { fill: `url(#${FILLS[bar.kind]}-${id})` } : {}) }),
  beside ? svg("text", { class: "beside", x: x + bar.w + 3, y: y + 14 }, fitted(`${mark}${verb(step)}`, Math.min(120, bar.room - 8), 11)) : svg("text", { x: label === words ? x + 4 : x + bar.w / 2, y: y + 14, "text-anchor": label === words ? "start" : "middle" }, label),
  ...(step.hazards.length && bar.w > 14 ? [svg("path", { class: "cost", d: `M${x + bar.w - 9},${y + 1} h8 v8 z` })] : []));
}

function edges(plan, shift, top) {
  const wires = RAN ? [] : STEPS.flatMap((step, at) => step.needs.map((need) => [need, at]));
  if (wires.length > MOST_EDGES) return [];
  return wires.map(([from, to]) => {
    const [a, b] = [plan.bars[from], plan.bars[to]];
    const [x1, y1, x2, y2] = [shift(a.x + a.w), top + a.y + 9, shift(b.x), top + b.y + 9];
    const bend = Math.max(6, (x2 - x1) / 2);
    return svg("path", { class: "edge", d: `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}` });
  });
}

// Stripes for what was put back, crosses for what failed: seen without any colour.
function patterns(id) {
  const stripes = svg("pattern", { id: `stripes-${id}`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("rect", { width: 6, height: 6, class: "p-undone" }), svg("rect", { width: 2, height: 6, class: "p-line" }));
  const crosses = svg("pattern", { id: `crosses-${id}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, svg("rect", { width: 8, height: 8, class: "p-failed" }), svg("path", { d: "M0,0 L8,8 M8,0 L0,8", class: "p-cross" }));
  return svg("defs", {}, stripes, crosses);
}

// The picture with its tools, as wide as its host: it is drawn anew when that changes.
class Picture {
  constructor(host) {
    this.zoom = 1;
    this.box = el("div", { class: "graph", tabindex: "-1" });
    const tool = (text, label, act) => el("button", { type: "button", class: "btn", title: label, "aria-label": label, onclick: act }, text);
    const kinds = RAN ? ["done", "failed", "undone", "stuck", "unfinished", "left"].filter((kind) => BARS.some((bar) => bar.kind === kind) || STEPS.some((step) => step.state === kind)) : [];
    const words = RAN ? kinds.map((kind) => el("span", null, stateMark(kind), ` ${STATES[kind].word}`)) : [el("span", null, "left comes before right; what stands in one column may run side by side")];
    const cost = STEPS.some((step) => step.hazards.length) ? el("span", null, el("i", { class: "corner" }), "carries a hazard") : null;
    host.append(el("div", { class: "bar" }, el("h2", { class: "grow" }, RAN ? "Timeline" : "Order of the steps"),
      tool("−", "Shorter (−)", () => this.by(1 / 1.5)), tool("+", "Longer (+)", () => this.by(1.5)), tool("fit", "As wide as the page (0)", () => this.by(0))),
    this.box, el("div", { class: "legend" }, words, cost));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("scroll", () => this.hold(), { passive: true });
    let seen = 0;
    new ResizeObserver(() => requestAnimationFrame(() => {
      if (this.box.clientWidth === seen || !this.box.clientWidth) return;
      const first = !seen;
      seen = this.box.clientWidth;
      this.draw();
      if (first) this.toTrouble();
    })).observe(this.box);
  }

  draw() {
    this.box.replaceChildren(picture(this.box.clientWidth, this.zoom, (step) => stepChooser.open(step)));
    this.hold();
  }

  // What failed is seen at once, also where the picture is wider than the page.
  toTrouble() {
    const spot = this.box.querySelector(".b-failed rect, .b-stuck rect");
    if (!spot) return;
    this.box.scrollTo(Number(spot.getAttribute("x")) - this.box.clientWidth * 0.6, Number(spot.getAttribute("y")) - this.box.clientHeight / 2);
  }

  hold() {
    const { scrollLeft, scrollTop } = this.box;
    const move = (name, x, y) => this.box.querySelector(name).setAttribute("transform", `translate(${x},${y})`);
    move(".side", scrollLeft, 0);
    move(".head", 0, scrollTop);
    move(".corner", scrollLeft, scrollTop);
  }

  by(factor) {
    const middle = (this.box.scrollLeft + this.box.clientWidth / 2) / this.box.scrollWidth;
    this.zoom = factor ? Math.max(1, Math.min(200, this.zoom * factor)) : 1;
    this.draw();
    this.box.scrollLeft = middle * this.box.scrollWidth - this.box.clientWidth / 2;
  }

  key(event) {
    const bar = event.target.closest(".job");
    if (!bar) return;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); bar.dispatchEvent(new MouseEvent("click")); return; }
    const count = RAN ? BARS.length : STEPS.length;
    const at = Number(bar.dataset.n);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined || to < 0 || to >= count) return;
    event.preventDefault();
    const next = this.box.querySelector(`.job[data-n="${to}"]`);
    bar.setAttribute("tabindex", -1);
    next.setAttribute("tabindex", 0);
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
