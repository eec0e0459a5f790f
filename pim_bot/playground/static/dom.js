// Building elements without a framework: h("p", {class: "note"}, "text", otherElement).

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in PROPERTIES) node[PROPERTIES[name]] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PROPERTIES = { value: "value", checked: "checked", selected: "selected", disabled: "disabled", hidden: "hidden" };

let lastId = 0;

// An id for binding a label to its field.
export function freshId() {
  lastId += 1;
  return `field-${lastId}`;
}

export const byId = (id) => document.getElementById(id);
