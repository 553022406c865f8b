// The windows of this device: a bill is at hand in one of them only, and each hears when another changed something.
const mine = new Map(); // what this window holds: name → how to let it go
const claims = new Map(); // the same where the browser has no locks: name → { draw, sure }
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("kirana") : null;
const ANSWER = 150; // ms the other windows get to answer
const heard = new Set();

/** True when this window alone holds `name` from now on. `patience`: ms to wait for a page that is just being left. */
export function hold(name, patience = 0) {
  if (mine.has(name)) return Promise.resolve(true);
  return navigator.locks ? lock(name, patience) : claim(name);
}

export function letGo(name) {
  mine.get(name)?.();
  mine.delete(name);
}

/** The names among `names` that another window holds. */
export async function heldElsewhere(names) {
  const others = navigator.locks ? (await navigator.locks.query()).held.map((one) => one.name) : await askAll(names);
  return new Set(others.filter((name) => !mine.has(name)));
}

/** Tell the other windows that the bills changed. */
export const tell = () => channel?.postMessage({ changed: true });
export const onTold = (act) => heard.add((message) => message.changed && act());

function lock(name, patience) {
  const how = patience ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true };
  return new Promise((answer) => {
    navigator.locks.request(name, how, (got) => {
      if (!got) return answer(false);
      return new Promise((letItGo) => {
        mine.set(name, letItGo);
        answer(true);
      });
    }).catch(() => answer(false));
  });
}

// --- plain http in the shop's own network has no locks: the windows ask one another -------------------------------
function claim(name) {
  const mark = { draw: Math.random(), sure: false };
  claims.set(name, mark);
  mine.set(name, () => claims.delete(name));
  return ask({ ask: [name], draw: mark.draw }, () => {
    letGo(name);
    return false;
  }).then((refused) => {
    mark.sure = true;
    return refused ?? true;
  });
}

async function askAll(names) {
  const found = new Set();
  await ask({ ask: names, draw: 2 }, (name) => { found.add(name); });
  return [...found];
}

/** Ask all windows; `act(name)` for each name one of them has. What it answers (not undefined) is the answer, else undefined after a while. */
function ask(question, act) {
  if (!channel) return Promise.resolve(undefined);
  return new Promise((done) => {
    const stop = (answer) => { heard.delete(listen); done(answer); };
    const listen = ({ have }) => {
      const answer = question.ask.includes(have) ? act(have) : undefined;
      if (answer !== undefined) stop(answer);
    };
    heard.add(listen);
    setTimeout(stop, ANSWER);
    channel.postMessage(question);
  });
}

/** Of two windows that ask for a bill at the same moment the lower draw has it. */
const isMine = (name, draw) => claims.has(name) && (claims.get(name).sure || claims.get(name).draw < draw);

channel?.addEventListener("message", ({ data }) => {
  for (const name of data.ask ?? []) if (isMine(name, data.draw)) channel.postMessage({ have: name });
  for (const listen of [...heard]) listen(data);
});
