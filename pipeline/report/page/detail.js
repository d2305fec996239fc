// One object: why, at what cost, and both scripts beside each other.

let showing = null; // what is shown: {each, detail}
const look = { loose: false, whole: false };
const MOST_ROWS = 1200;
const AROUND = 3;

async function showDetail(each) {
  const ticket = { each };
  showing = ticket;
  const detail = await detailOf(each.at);
  if (showing !== ticket) return; // another was chosen meanwhile
  ticket.detail = detail;
  drawDetail();
}

function card(title, texts, kind) {
  if (!texts.length) return null;
  return el("div", { class: `card ${kind || ""}` }, el("h3", null, title), el("ul", null, texts.map((text) => el("li", null, text))));
}

function hazardCard(hazards) {
  if (!hazards.length) return null;
  const items = hazards.map(([name, object, reason]) => el("li", null, hazardTag(name), ` ${object}`, reason ? `: ${reason}` : ""));
  return el("div", { class: `card ${hazards.some(([name]) => HEAVY.has(name)) ? "bad" : "warn"}` }, el("h3", null, "Hazards"), el("ul", null, items));
}

function stepsCard(numbers) {
  if (!numbers.length) return null;
  const host = el("ul", null, numbers.slice(0, 40).map((number) => {
    const link = el("button", { type: "button", class: "link", onclick: () => chooseStep(number - 1, true) }, `step ${number}`);
    load("steps").then((steps) => { link.textContent = `${number}. ${steps[number - 1].title}`; });
    return el("li", null, link);
  }), numbers.length > 40 ? el("li", null, `and ${numbers.length - 40} more`) : null);
  return el("div", { class: "card" }, el("h3", null, "Steps"), host);
}

function drawDetail() {
  const { each, detail } = showing;
  const host = document.getElementById("detail");
  host.scrollTop = 0;
  const title = el("div", { class: "title" },
    el("span", { class: `mark v${each.verdict}`, "aria-hidden": "true" }, MARKS[each.verdict]),
    el("h2", null, fullName(each)));
  const meta = el("div", { class: "meta" },
    el("span", null, each.type), el("span", { class: `c${each.verdict}` }, VERDICT_WORDS[each.verdict]),
    each.phase ? el("span", null, "phase ", el("b", { class: each.phase }, each.phase)) : null,
    detail.place ? el("span", null, detail.place) : null);
  const cards = el("div", { class: "cards" },
    card("Because", detail.because), hazardCard(detail.hazards), card("Before it runs, the script asks", detail.guards),
    card("Advice", detail.advice), card("Ignored by an option", detail.ignored), stepsCard(detail.steps));
  host.replaceChildren(title, meta, cards, ...scripts(detail));
}

function copyButton(text, label) {
  return el("button", { type: "button", class: "btn", onclick: (event) => copy(text, event.target) }, label);
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { class: "sr" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const was = button.textContent;
  button.textContent = "copied";
  say("copied");
  setTimeout(() => { button.textContent = was; }, 1200);
}

function scripts(detail) {
  const { source, target } = detail;
  if (!source && !target) return [];
  const toggle = (name, label, key) => el("button", {
    type: "button", class: "btn", "aria-pressed": String(look[name]), title: key,
    onclick: () => { look[name] = !look[name]; drawDetail(); },
  }, label);
  const both = source && target;
  const bar = el("div", { class: "bar" },
    both ? toggle("loose", "ignore white space", "w") : null, both ? toggle("whole", "all lines", "e") : null,
    both ? el("button", { type: "button", class: "btn", onclick: () => hop(-1), title: "p" }, "↑ change") : null,
    both ? el("button", { type: "button", class: "btn", onclick: () => hop(1), title: "n" }, "↓ change") : null,
    el("span", { class: "sr", id: "changes" }), el("span", { class: "grow" }),
    source ? copyButton(source, "copy source") : null, target ? copyButton(target, "copy target") : null);
  return [bar, both ? diffTable(source, target) : oneSide(source || target, source ? "add" : "gone")];
}

const linesOf = (text) => { const lines = text.split("\n"); if (lines[lines.length - 1] === "") lines.pop(); return lines; };

function oneSide(text, kind) {
  const lines = linesOf(text);
  const spans = colour(text);
  const head = kind === "add" ? ["Source", INDEX.source] : ["Target", INDEX.target];
  const body = el("tbody");
  const table = el("table", { class: "diff" },
    el("colgroup", null, el("col", { class: "no" }), el("col")),
    el("thead", null, el("tr", null, el("th", { colspan: 2 }, `${head[0]}: ${head[1]} — there on this side only`))), body);
  const row = (at) => el("tr", null, el("td", { class: "no" }, String(at + 1)), el("td", { class: kind }, inColour(lines[at], spans[at] || [], [])));
  const fill = (from) => {
    const until = Math.min(lines.length, from + MOST_ROWS);
    for (let at = from; at < until; at += 1) body.append(row(at));
    if (until < lines.length) body.append(foldRow(2, `show ${many(lines.length - until, "more line")}`, (tr) => { tr.remove(); fill(until); }));
  };
  fill(0);
  return table;
}

function foldRow(span, text, open) {
  const tr = el("tr", { class: "fold" });
  tr.append(el("td", { colspan: span }, el("button", { type: "button", onclick: () => open(tr) }, text)));
  return tr;
}

function diffTable(source, target, whole = look.whole) {
  const [left, right] = [linesOf(source), linesOf(target)];
  const [leftSpans, rightSpans] = [colour(source), colour(target)];
  const rows = diffRows(left, right, look.loose);
  const cell = (line, spans, at, kind, marks) => (at < 0
    ? [el("td", { class: "no mid off" }), el("td", { class: "off" })]
    : [el("td", { class: `no mid ${kind}` }, String(at + 1)), el("td", { class: kind }, inColour(line, spans[at] || [], marks))]);
  const draw = (row) => {
    const changed = row.kind !== "equal";
    const marks = row.kind === "both" ? wordMarks(left[row.left], right[row.right]) : [[], []];
    return el("tr", { class: changed ? "changed" : null },
      cell(left[row.left], leftSpans, row.left, changed ? "add" : "", marks[0]),
      cell(right[row.right], rightSpans, row.right, changed ? "gone" : "", marks[1]));
  };
  const body = el("tbody");
  const blocks = folded(rows, whole);
  let drawn = 0;
  const fill = (from) => {
    for (let at = from; at < blocks.length; at += 1) {
      const block = blocks[at];
      if (block.hidden) {
        body.append(foldRow(4, `${many(block.rows.length, "equal line")}`, (tr) => { tr.replaceWith(...block.rows.map(draw)); }));
        continue;
      }
      body.append(...block.rows.map(draw));
      drawn += block.rows.length;
      if (drawn > MOST_ROWS && at + 1 < blocks.length) {
        drawn = 0;
        body.append(foldRow(4, "show the rest", (tr) => { tr.remove(); fill(at + 1); }));
        return;
      }
    }
  };
  fill(0);
  if (!rows.some((row) => row.kind !== "equal")) body.prepend(el("tr", { class: "fold" }, el("td", { colspan: 4 }, "no line differs")));
  return el("table", { class: "diff" },
    el("colgroup", null, el("col", { class: "no" }), el("col"), el("col", { class: "no" }), el("col")),
    el("thead", null, el("tr", null,
      el("th", { colspan: 2, title: INDEX.source }, `Source: ${INDEX.source}`), el("th", { colspan: 2, class: "mid", title: INDEX.target }, `Target: ${INDEX.target}`))),
    body);
}

// Part rows into blocks of at most 200; equal lines far from a change are hidden.
function folded(rows, whole) {
  const near = new Uint8Array(rows.length);
  rows.forEach((row, at) => {
    if (row.kind !== "equal") near.fill(1, Math.max(0, at - AROUND), Math.min(rows.length, at + AROUND + 1));
  });
  const blocks = [];
  let at = 0;
  while (at < rows.length) {
    let until = at;
    while (until < rows.length && near[until] === near[at]) until += 1;
    const hidden = !whole && !near[at] && until - at > 2;
    if (hidden) blocks.push({ hidden, rows: rows.slice(at, until) });
    else for (let from = at; from < until; from += 200) blocks.push({ hidden: false, rows: rows.slice(from, Math.min(until, from + 200)) });
    at = until;
  }
  return blocks;
}

// Go to the next or the previous block of changed lines.
function hop(way) {
  const host = document.getElementById("detail");
  const firsts = [...host.querySelectorAll("tr.changed")].filter((row) => !row.previousElementSibling?.classList.contains("changed"));
  if (!firsts.length) return;
  const here = firsts.findIndex((row) => row.classList.contains("here"));
  const next = here < 0 ? (way > 0 ? 0 : firsts.length - 1) : (here + way + firsts.length) % firsts.length;
  firsts.forEach((row, at) => row.classList.toggle("here", at === next));
  firsts[next].scrollIntoView({ block: "center" });
  say(`change ${next + 1} of ${firsts.length}`);
}
