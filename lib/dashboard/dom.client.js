/** @typedef {Node | string | number | null | undefined | false} Child */

const svgNames = new Set(['svg', 'path', 'circle', 'rect', 'line']);

/**
 * An element. Text is only ever a text node; a property that is a function is a listener, undefined or false leaves an
 * attribute out.
 * @template {string} K
 * @param {K} name
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {K extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[K] : SVGElement}
 */
export const h = (name, attributes = {}, ...children) => {
  const element = svgNames.has(name)
    ? document.createElementNS('http://www.w3.org/2000/svg', name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), /** @type {any} */ (value));
    else if (value === true) element.setAttribute(key, '');
    else if (value !== undefined && value !== false && value !== null)
      element.setAttribute(key, String(value));
  }
  element.append(...nodes(children));
  return /** @type {any} */ (element);
};

/** @param {(Child | Child[])[]} children @returns {(Node | string)[]} */
const nodes = (children) =>
  children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));

/** @param {Element} element @param {...(Child | Child[])} children */
export const fill = (element, ...children) => element.replaceChildren(...nodes(children));

/**
 * Draws what is in a box anew; the focus stays on what has the same attribute.
 * @param {HTMLElement} box @param {string} attribute @param {() => void} draw
 */
export const keepFocus = (box, attribute, draw) => {
  const active = document.activeElement;
  const value = active && box.contains(active) ? active.getAttribute(attribute) : null;
  draw();
  if (value === null) return;
  /** @type {any} */ (box.querySelector(`[${attribute}="${CSS.escape(value)}"]`))?.focus();
};

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
export const byId = (id) => /** @type {any} */ (document.getElementById(id));

let lastId = 0;

/** An id for a label and its field. */
export const newId = () => `id${++lastId}`;

/** @param {string} text @param {'info' | 'error'} [kind] */
export const note = (text, kind = 'info') => {
  const box = h('p', { class: `note ${kind}` }, text);
  byId('notes').append(box);
  setTimeout(() => box.remove(), kind === 'error' ? 10_000 : 5000);
};

/**
 * A question before something that cannot be undone.
 * @param {{title: string, text: string, action: string}} question
 * @returns {Promise<boolean>}
 */
export const confirm = ({ title, text, action }) =>
  new Promise((resolve) => {
    const [titleId, textId] = [newId(), newId()];
    const close = (/** @type {boolean} */ yes) => () => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    const dialog = h(
      'dialog',
      {
        'aria-labelledby': titleId,
        'aria-describedby': textId,
        role: 'alertdialog',
        oncancel: () => {
          dialog.remove();
          resolve(false);
        },
      },
      h('h2', { id: titleId }, title),
      h('p', { id: textId }, text),
      h(
        'div',
        { class: 'actions' },
        h('button', { type: 'button', autofocus: true, onclick: close(false) }, 'Cancel'),
        h('button', { type: 'button', class: 'danger', onclick: close(true) }, action),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
