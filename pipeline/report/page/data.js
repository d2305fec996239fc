// What is embedded: an index, which is read at once, and pieces that are read when they are needed.

const HEAVY = new Set(["loses-data", "rebuilds-table", "drops-object", "no-undo", "lockstep"]);

async function unpack(id) {
  const node = document.getElementById(id);
  if (node.type === "application/json") return JSON.parse(node.textContent);
  const packed = atob(node.textContent);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at += 1) bytes[at] = packed.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

const loaded = new Map();
function load(id) {
  if (!loaded.has(id)) loaded.set(id, unpack(id));
  return loaded.get(id);
}

// The piece that holds number `at`, and its place in there. `starts` has the first number of each.
function pieceOf(starts, at) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return [low, at - starts[low]];
}

// Elements are made, never written as HTML: a name from a database stays a text.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false));
  return node;
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// Give as much of a text as fits: SVG does not do that by itself.
const pen = document.createElement("canvas").getContext("2d");
function fitted(text, width, size) {
  pen.font = `${size}px system-ui, "Segoe UI", Arial, "DejaVu Sans", sans-serif`;
  if (pen.measureText(text).width <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}

const say = (text) => { document.getElementById("said").textContent = text; };
const many = (number, thing) => `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
const hazardTag = (name, short) =>
  el("span", { class: `tag ${HEAVY.has(name) ? "heavy" : "hazard"}`, title: name }, short ? short : name);
