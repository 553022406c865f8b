/** An element with attributes and what stands inside it. */
export function make(tag, marks = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(marks)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}
