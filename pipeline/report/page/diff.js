// Two texts beside each other: lines by Myers' algorithm, changed lines paired by likeness, then words.

const MOST_EDITS = 2500;

// Give [[sourceBegin, sourceEnd, targetBegin, targetEnd], ...]: the places where two lists differ.
function changes(a, b) {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const [n, m] = [a.length - head - tail, b.length - head - tail];
  if (n === 0 && m === 0) return [];
  if (n === 0 || m === 0) return [[head, head + n, head, head + m]];
  const limit = Math.min(n + m, MOST_EDITS);
  const offset = limit + 1;
  const reach = new Int32Array(2 * limit + 3);
  const trace = [];
  for (let d = 0; d <= limit; d += 1) {
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && reach[offset + k - 1] < reach[offset + k + 1]) ? reach[offset + k + 1] : reach[offset + k - 1] + 1;
      let y = x - k;
      while (x < n && y < m && a[head + x] === b[head + y]) { x += 1; y += 1; }
      reach[offset + k] = x;
      if (x >= n && y >= m) return backwards(trace, reach, d, n, m, offset, head);
    }
    trace.push(reach.slice(offset - d - 1, offset + d + 2));
  }
  return [[head, head + n, head, head + m]];
}

function backwards(trace, last, edits, n, m, offset, head) {
  const found = [];
  let [x, y] = [n, m];
  for (let d = edits; d > 0; d -= 1) {
    const row = trace[d - 1];
    const at = (k) => row[k + d] ?? -1;
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const before = down ? k + 1 : k - 1;
    const [px, py] = [at(before), at(before) - before];
    const [sx, sy] = down ? [px, py + 1] : [px + 1, py];
    const first = found[0];
    if (first && first[0] === head + sx && first[2] === head + sy) { first[0] = head + px; first[2] = head + py; }
    else found.unshift([head + px, head + sx, head + py, head + sy]);
    [x, y] = [px, py];
  }
  return found;
}

const WORD = /\s+|\w+|[^\w\s]/g;
const wordsOf = (line) => line.match(WORD) || [];

function likeness(a, b) {
  const left = wordsOf(a).filter((word) => word.trim());
  const right = wordsOf(b).filter((word) => word.trim());
  if (!left.length || !right.length) return left.length === right.length ? 1 : 0;
  const count = new Map();
  for (const word of left) count.set(word, (count.get(word) || 0) + 1);
  let common = 0;
  for (const word of right) if (count.get(word)) { common += 1; count.set(word, count.get(word) - 1); }
  return (2 * common) / (left.length + right.length);
}

// Pair the lines of a changed block so that lines that are alike stand beside each other.
function paired(left, right) {
  if (left.length * right.length > 4000) {
    return Array.from({ length: Math.max(left.length, right.length) }, (_, at) => [at < left.length ? at : -1, at < right.length ? at : -1]);
  }
  const width = right.length + 1;
  const best = new Float64Array((left.length + 1) * width);
  const alike = (i, j) => { const value = likeness(left[i], right[j]); return value >= 0.35 ? value : -1; };
  const scores = left.map((_, i) => right.map((__, j) => alike(i, j)));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      best[i * width + j] = Math.max(best[(i + 1) * width + j], best[i * width + j + 1], scores[i][j] + best[(i + 1) * width + j + 1]);
    }
  }
  const rows = [];
  let [i, j] = [0, 0];
  let [loneLeft, loneRight] = [[], []];
  const flush = () => {
    const size = Math.max(loneLeft.length, loneRight.length);
    for (let at = 0; at < size; at += 1) rows.push([loneLeft[at] ?? -1, loneRight[at] ?? -1]);
    loneLeft = []; loneRight = [];
  };
  while (i < left.length && j < right.length) {
    const here = best[i * width + j];
    if (scores[i][j] > 0 && here === scores[i][j] + best[(i + 1) * width + j + 1]) { flush(); rows.push([i, j]); i += 1; j += 1; }
    else if (here === best[(i + 1) * width + j]) { loneLeft.push(i); i += 1; }
    else { loneRight.push(j); j += 1; }
  }
  while (i < left.length) { loneLeft.push(i); i += 1; }
  while (j < right.length) { loneRight.push(j); j += 1; }
  flush();
  return rows;
}

// Give the places in two lines where their words differ; nothing where hardly a word is common.
function wordMarks(a, b) {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const found = changes(left, right);
  const [mine, theirs] = [[], []];
  const starts = (list) => { const at = [0]; for (const word of list) at.push(at[at.length - 1] + word.length); return at; };
  const [ls, rs] = [starts(left), starts(right)];
  let changed = 0;
  for (const [lb, le, rb, re] of found) {
    if (le > lb) mine.push([ls[lb], ls[le]]);
    if (re > rb) theirs.push([rs[rb], rs[re]]);
    changed += ls[le] - ls[lb] + rs[re] - rs[rb];
  }
  return changed > 0.85 * (a.length + b.length) ? [[], []] : [mine, theirs];
}

// Give rows {kind, left, right}: line numbers from 0, -1 for none; kind: equal, both, left, right.
function diffRows(source, target, loose) {
  const key = loose ? (line) => line.replace(/\s+/g, " ").trim() : (line) => line.replace(/\r$/, "");
  const [a, b] = [source.map(key), target.map(key)];
  const rows = [];
  let [i, j] = [0, 0];
  const equals = (until) => { for (; i < until; i += 1, j += 1) rows.push({ kind: "equal", left: i, right: j }); };
  for (const [sb, se, tb, te] of changes(a, b)) {
    equals(sb);
    for (const [l, r] of paired(source.slice(sb, se), target.slice(tb, te))) {
      const [left, right] = [l < 0 ? -1 : sb + l, r < 0 ? -1 : tb + r];
      rows.push({ kind: left < 0 ? "right" : right < 0 ? "left" : "both", left, right });
    }
    [i, j] = [se, te];
  }
  equals(a.length);
  return rows;
}
