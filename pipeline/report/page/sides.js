// Cards of texts, and two texts beside each other.

const look = { loose: false, whole: false };
const MOST_ROWS = 1200;
const AROUND = 3;

function card(title, texts, kind) {
  if (!texts.length) return null;
  return el("div", { class: `card ${kind || ""}` }, el("h3", null, title), el("ul", null, texts.map((text) => el("li", null, text))));
}

function hazardCard(hazards) {
  if (!hazards.length) return null;
  const items = hazards.map(([name, object, reason]) => el("li", null, hazardTag(name), ` ${object}`, reason ? `: ${reason}` : ""));
  return el("div", { class: `card ${hazards.some(([name]) => HEAVY.has(name)) ? "bad" : "warn"}` }, el("h3", null, "Hazards"), el("ul", null, items));
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

const linesOf = (text) => { const lines = text.split("\n"); if (lines[lines.length - 1] === "") lines.pop(); return lines; };

// A side is {name, text, kind, head, paint}: `kind` is add or gone, `paint` gives the colours of its text.
const spansOf = (side) => (side.paint ? side.paint(side.text) : []);

function oneSide({ kind, head, ...side }) {
  const lines = linesOf(side.text);
  const spans = spansOf(side);
  const body = el("tbody");
  const table = el("table", { class: "diff" },
    el("colgroup", null, el("col", { class: "no" }), el("col")),
    el("thead", null, el("tr", null, el("th", { colspan: 2 }, `${head} — there on this side only`))), body);
  const row = (at) => el("tr", null, el("td", { class: `no ${kind}` }, String(at + 1)), el("td", { class: kind }, inColour(lines[at], spans[at] || [], [])));
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

function diffTable(one, other, whole = look.whole) {
  const [left, right] = [linesOf(one.text), linesOf(other.text)];
  const [leftSpans, rightSpans] = [spansOf(one), spansOf(other)];
  const rows = diffRows(left, right, look.loose);
  const cell = (line, spans, at, kind, marks) => (at < 0
    ? [el("td", { class: "no mid off" }), el("td", { class: "off" })]
    : [el("td", { class: `no mid ${kind}` }, String(at + 1)), el("td", { class: kind }, inColour(line, spans[at] || [], marks))]);
  const draw = (row) => {
    const changed = row.kind !== "equal";
    const marks = row.kind === "both" ? wordMarks(left[row.left], right[row.right]) : [[], []];
    return el("tr", { class: changed ? "changed" : null },
      cell(left[row.left], leftSpans, row.left, changed ? one.kind : "", marks[0]),
      cell(right[row.right], rightSpans, row.right, changed ? other.kind : "", marks[1]));
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
  if (!rows.some((row) => row.kind !== "equal")) body.prepend(el("tr", { class: "fold" }, el("td", { colspan: 4 }, one.text === other.text ? "no line differs" : "no line differs but for white space or its end")));
  return el("table", { class: "diff" },
    el("colgroup", null, el("col", { class: "no" }), el("col"), el("col", { class: "no" }), el("col")),
    el("thead", null, el("tr", null,
      el("th", { colspan: 2, title: one.head }, one.head), el("th", { colspan: 2, class: "mid", title: other.head }, other.head))),
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
function hop(way, host) {
  const firsts = [...host.querySelectorAll("tr.changed")].filter((row) => !row.previousElementSibling?.classList.contains("changed"));
  if (!firsts.length) return;
  const here = firsts.findIndex((row) => row.classList.contains("here"));
  const next = here < 0 ? (way > 0 ? 0 : firsts.length - 1) : (here + way + firsts.length) % firsts.length;
  firsts.forEach((row, at) => row.classList.toggle("here", at === next));
  firsts[next].scrollIntoView({ block: "center" });
  say(`change ${next + 1} of ${firsts.length}`);
}

// The bar above two texts: how they are compared, from change to change, and copies.
function sideBar(sides, host, redraw) {
  const toggle = (name, label, key) => el("button", {
    type: "button", class: "btn", "aria-pressed": String(look[name]), title: key, onclick: () => { look[name] = !look[name]; redraw(); },
  }, label);
  const jump = (way, label, key) => el("button", { type: "button", class: "btn", onclick: () => hop(way, host), title: key }, label);
  const tools = [toggle("loose", "ignore white space", "w"), toggle("whole", "all lines", "e"), jump(-1, "↑ change", "p"), jump(1, "↓ change", "n")];
  return el("div", { class: "bar" }, sides.length > 1 ? tools : null, el("span", { class: "grow" }),
    sides.map((side) => copyButton(side.text, `copy ${side.name}`)));
}

const besideEachOther = (sides, whole) => (sides.length > 1 ? diffTable(...sides, whole) : oneSide(sides[0]));
