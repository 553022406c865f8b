// Runs in every frame of the measured counter before the page's own scripts: notes when keys come, when a change is painted, when printing starts.
// All times are milliseconds of one clock, performance.timeOrigin + performance.now(), so that the receipt's frame and the page compare.
(() => {
  const at = (t = performance.now()) => performance.timeOrigin + t;
  if (window !== top) {
    const print = window.print.bind(window);
    window.print = () => {
      top.watch?.note("print", at());
      print(); // Chromium hears no key while it runs
      top.watch?.note("printed", at());
    };
    return;
  }

  const notes = [];
  const waiting = [];
  let key = 0;

  const settle = () => {
    for (const one of [...waiting]) {
      const hit = notes.find((note) => note.what === one.what && note.key >= one.from);
      if (hit) { waiting.splice(waiting.indexOf(one), 1); one.done(hit); }
    }
  };

  /** Resolves when the frame that follows is painted: a message posted inside an animation frame is answered after it. */
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); done(at()); };
    port2.postMessage(0);
  }));

  window.watch = {
    note: (what, when = at(), from = key) => { notes.push({ what, at: when, key: from }); settle(); },
    painted,
    /** Milliseconds from the last key press to the first `what` noted after it. */
    since: (what) => new Promise((done) => { waiting.push({ what, from: key, done: (note) => done(note.at - key) }); settle(); }),
    forget: () => { notes.length = 0; },
    /** A bare request of the same fragment, as htmx sends it, its body read and nothing drawn. */
    bare: async (url) => {
      const from = performance.now();
      await (await fetch(url, { headers: { "HX-Request": "true" } })).text();
      return performance.now() - from;
    },
    frame: async () => { const from = at(); return await painted() - from; },
    /** What this device's storage holds of the bill that is being sent. */
    kept: [],
  };

  addEventListener("keydown", (event) => { key = at(event.timeStamp); }, true);
  addEventListener("bill:changed", () => { const from = key; painted().then((when) => window.watch.note("line", when, from)); }, true);
  addEventListener("bill:saved", () => { const from = key; painted().then((when) => window.watch.note("saved", when, from)); }, true);
  addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id !== "bill") return;
    const form = event.detail.elt;
    const id = Object.keys(localStorage).find((name) => name.startsWith("kirana:bill:") && name.endsWith(form.elements.key.value));
    const bill = id && JSON.parse(localStorage.getItem(id));
    const total = form.querySelector("[name=total]");
    window.watch.kept.push(Boolean(bill?.sent) && bill.state.rows.length === form.querySelector("#lines").children.length && bill.total === total.value);
  }, true);

  const opened = new MutationObserver(() => {
    if (!("ready" in (document.documentElement?.dataset ?? {}))) return;
    opened.disconnect();
    painted().then((when) => { window.watch.openedAfter = when - performance.timeOrigin; });
  });
  opened.observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });

  addEventListener("DOMContentLoaded", () => {
    const found = document.getElementById("found");
    if (!found) return;
    const noted = () => { const from = key; if (!found.hidden) painted().then((when) => window.watch.note("found", when, from)); };
    new MutationObserver(noted).observe(found, { childList: true, attributes: true, attributeFilter: ["hidden"] });
  });
})();
