// Everything typed or scanned waits its turn here and none is dropped: what came first is done first, and an open question holds the rest.
import { word } from "./words.js";

const badge = document.getElementById("waiting");
let tail = Promise.resolve();
let waiting = 0;
let question = null;

/** Do `step` after all that came before. A step may answer a promise: the queue waits for it. */
export function enqueue(step) {
  waiting += 1;
  showWaiting();
  tail = tail.then(step).catch((error) => console.error(error)).finally(() => {
    waiting -= 1;
    showWaiting();
  });
  return tail;
}

export const settled = () => tail;

/** True when nothing is being done and nothing waits. */
export const isIdle = () => waiting === 0;

/** True when nothing waits behind the step that runs now. */
export const isLast = () => waiting <= 1;

function showWaiting() {
  // the step that holds the queue is not waiting itself
  const behind = question ? waiting - 1 : waiting;
  badge.hidden = behind < 1 || (!question && behind < 2);
  badge.textContent = word(behind === 1 ? "waiting-one" : "waiting-many", { count: behind });
}

/** Ask { yes, no, take? } and hold the queue until answered. `take(text)` may answer by itself: true when it did. */
export function hold(asked) {
  if (!asked?.yes) return undefined;
  return new Promise((done) => {
    const end = (act) => (...given) => {
      question = null;
      act?.(...given);
      done();
      showWaiting();
    };
    question = { ...asked, yes: end(asked.yes), no: end(asked.no) };
    showWaiting();
    document.dispatchEvent(new CustomEvent("counter:question"));
  });
}

export const open = () => question;
