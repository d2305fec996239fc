// A list of any length of which only what is seen exists.

const TALLEST = 8000000; // pixels that every browser can scroll through

class VirtualList {
  constructor(box, height, render) {
    this.box = box; this.height = height; this.render = render; this.count = 0;
    this.sizer = el("div", { class: "sizer", role: "presentation" });
    box.append(this.sizer);
    let waiting = false;
    const soon = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; this.draw(); });
    };
    box.addEventListener("scroll", soon, { passive: true });
    new ResizeObserver(soon).observe(box);
  }

  get total() { return this.count * this.height; }
  get shown() { return Math.min(this.total, TALLEST); }

  // Where the list would be scrolled to if it were as tall as it says.
  get top() {
    const [room, view] = [this.shown - this.box.clientHeight, this.box.clientHeight];
    return room <= 0 ? 0 : (this.box.scrollTop / room) * (this.total - view);
  }

  set(count) {
    this.count = count;
    this.sizer.style.height = `${this.shown}px`;
    this.draw();
  }

  draw() {
    const view = this.box.clientHeight;
    if (!view) return;
    const top = this.top;
    const first = Math.max(0, Math.floor(top / this.height) - 6);
    const last = Math.min(this.count, Math.ceil((top + view) / this.height) + 6);
    const rows = [];
    for (let at = first; at < last; at += 1) {
      const row = this.render(at);
      row.style.top = `${this.box.scrollTop + at * this.height - top}px`;
      rows.push(row);
    }
    this.sizer.replaceChildren(...rows);
  }

  reveal(at, middle) {
    const view = this.box.clientHeight;
    const [begin, end] = [at * this.height, (at + 1) * this.height];
    let top = this.top;
    if (middle) top = begin - view / 2;
    else if (begin < top) top = begin;
    else if (end > top + view) top = end - view;
    const room = this.total - view;
    this.box.scrollTop = room <= 0 ? 0 : (top / room) * (this.shown - view);
    this.draw();
  }
}

// A box that can be made wider by its right edge.
function grip(box) {
  const edge = el("div", { class: "grip", role: "separator", "aria-orientation": "vertical", "aria-label": "Width of the list", tabindex: "0" });
  const set = (width) => { box.style.width = `${Math.max(240, Math.min(innerWidth - 320, width))}px`; };
  edge.addEventListener("pointerdown", (event) => {
    edge.setPointerCapture(event.pointerId);
    const move = (moved) => set(moved.clientX - box.getBoundingClientRect().left);
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", () => edge.removeEventListener("pointermove", move), { once: true });
  });
  edge.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -30, ArrowRight: 30 }[event.key];
    if (by) { set(box.clientWidth + by); event.preventDefault(); }
  });
  return edge;
}
