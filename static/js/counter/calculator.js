// "=12*45+30": the sum of the entry box, exact to four places. Nothing is added to the bill.
const PLACES = 10000n;
const TOKEN = /\s*(?:(\d{1,12}(?:\.\d{1,4})?|\.\d{1,4})|([-+*/×÷()]))/y;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const hit = TOKEN.exec(text);
    if (!hit) return null;
    found.push(hit[1] ?? { "×": "*", "÷": "/" }[hit[2]] ?? hit[2]);
  }
  return found;
}

function number(text) {
  const [whole, fraction = ""] = text.split(".");
  return BigInt((whole || "0") + fraction.padEnd(4, "0"));
}

const half = (top, bottom) => {
  const sign = top < 0n !== bottom < 0n ? -1n : 1n;
  const [over, under] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom];
  return sign * ((2n * over + under) / (2n * under));
};

/** The value of `text` as "570" or "12.5"; null for what is no sum, or divides by nothing. */
export function calculate(text) {
  const queue = tokens(text.trim());
  if (!queue?.length) return null;
  try {
    const value = plus(queue);
    return queue.length ? null : shown(value);
  } catch (wrong) {
    if (wrong instanceof SyntaxError || wrong instanceof RangeError) return null;
    throw wrong;
  }
}

function plus(queue) {
  let value = times(queue);
  while (queue[0] === "+" || queue[0] === "-") value = queue.shift() === "+" ? value + times(queue) : value - times(queue);
  return value;
}

function times(queue) {
  let value = single(queue);
  while (queue[0] === "*" || queue[0] === "/") {
    value = queue.shift() === "*" ? half(value * single(queue), PLACES) : half(value * PLACES, single(queue));
  }
  return value;
}

function single(queue) {
  const next = queue.shift();
  if (next === "-") return -single(queue);
  if (next === "(") {
    const value = plus(queue);
    if (queue.shift() !== ")") throw new SyntaxError("a bracket is open");
    return value;
  }
  if (!/^[\d.]/.test(next ?? "")) throw new SyntaxError("a number is missing");
  return number(next);
}

function shown(value) {
  const size = value < 0n ? -value : value;
  const digits = String(size).padStart(5, "0");
  const text = `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, "");
  return (value < 0n ? "−" : "") + text;
}
