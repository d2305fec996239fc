// Tried with node by test_html_page.py, behind picture.js: where bars are, for runs and plans of many shapes.
let seed = 11;
const random = (below) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * below); };
const fail = (what, ...values) => { console.log(what, JSON.stringify(values)); process.exit(1); };
const KINDS = ["done", "failed", "undone", "unfinished"];

function someIndex(ran) {
  const lanes = Array.from({ length: 1 + random(5) }, (_, at) => [`lane ${at}`, "box"]);
  const steps = Array.from({ length: 1 + random(40) }, (_, at) => ({ lane: random(lanes.length), level: random(at + 1), stage: ["push", "roll"][random(2)], state: random(4) ? "done" : "left" }));
  if (!ran) return { lanes, steps, bars: [], busy: [], bands: [] };
  let at = 0;
  const bars = steps.map((_, step) => {
    at += random(10) ? random(3) : 5000;
    const kind = KINDS[random(4)];
    return [step, kind, 1, at, kind === "unfinished" ? null : at + random(4), ""];
  });
  const busy = [];
  for (const [, , , start, end] of bars) {
    const last = busy[busy.length - 1];
    if (last && start - last[1] <= 10) last[1] = Math.max(last[1], end ?? start);
    else busy.push([busy.length ? start : 0, end ?? start]);
  }
  return { lanes, steps, bars, busy, bands: busy.map(([start, end]) => ["roll", start, end]) };
}

for (let round = 0; round < 3000; round += 1) {
  const index = someIndex(round % 2 === 0);
  const zoom = 1 + random(3);
  const plan = layout(index, 200 + random(1500), zoom);
  const expected = index.bars.length || index.steps.length;
  if (plan.bars.length !== expected) fail("a bar is lost", index);
  for (const bar of plan.bars) {
    const lane = plan.lanes[bar.lane];
    if (bar.lane !== index.steps[bar.step].lane) fail("another lane", bar);
    if (!(bar.x >= 0 && bar.w > 0 && bar.x + bar.w <= plan.width + 20)) fail("outside", bar, plan.width);
    if (bar.y < lane.y || bar.y + LANE.row > lane.y + lane.h) fail("not in its lane", bar, lane);
    for (const other of plan.bars) {
      if (other !== bar && other.lane === bar.lane && other.row === bar.row && other.x < bar.x + bar.w - 1 && bar.x < other.x + other.w - 1) fail("on one another", bar, other);
    }
  }
  // What began later is not further left; a folded night takes as much room as any other.
  const times = plan.bars.map((bar) => (index.bars.length ? index.bars[bar.number][3] : index.steps[bar.step].level));
  plan.bars.forEach((bar, a) => plan.bars.forEach((other, b) => { if (times[a] < times[b] && bar.x > other.x + 0.001) fail("out of order", bar, other); }));
  if (plan.gaps.length !== Math.max(0, index.busy.length - 1)) fail("gaps", plan.gaps);
  for (let at = 1; at < plan.ticks.length; at += 1) if (plan.ticks[at].x < plan.ticks[at - 1].x) fail("ticks", plan.ticks);
  const shown = plan.left.reduce((sum, box) => sum + 1 + box.more, 0);
  if (index.bars.length && shown !== index.steps.filter((step) => step.state === "left").length) fail("left", plan.left);
}

// One bar of four seconds in a picture of 600 pixels: half seconds are 70 pixels apart or more, a fifth is not.
const one = layout({ lanes: [["box", "box"]], steps: [{ lane: 0, level: 0, stage: "roll", state: "done" }], bars: [[0, "done", 1, 0, 4, ""]], busy: [[0, 4]], bands: [["roll", 0, 4]] }, 600, 1);
const ticks = one.ticks.map((tick) => tick.text).join(" ");
if (ticks !== "0 s 0.5 s 1 s 1.5 s 2 s 2.5 s 3 s 3.5 s 4 s") fail("ticks of one", ticks);
console.log("all well");
