import { ApiProblem } from './api.client.js';
import { fill, h, newId } from './dom.client.js';

/**
 * Errors of the API: each beside its field, others in `element`, which stands in the form.
 * @param {Record<string, {tell: (message: string | undefined) => void}>} fields by the path of their errors
 */
export const formErrors = (fields) => {
  const element = h('p', { class: 'field-error', role: 'alert' });
  const fieldOf = (/** @type {string} */ path) => fields[path] ?? fields[path.split('.')[0] ?? ''];
  const clear = () => {
    fill(element);
    for (const { tell } of Object.values(fields)) tell(undefined);
  };
  /** @param {unknown} error @param {boolean} focus */
  const tell = (error, focus) => {
    if (!(error instanceof ApiProblem)) throw error;
    clear();
    const others = error.errors.filter(({ path }) => !fieldOf(path));
    const words = others.map(({ path, message }) => `${path} ${message}`).join('; ');
    fill(element, error.errors.length === 0 ? error.message : words);
    for (const { path, message } of [...error.errors].reverse()) fieldOf(path)?.tell(message); // the first one stays
    /** @type {HTMLElement[]} */
    const wrong = [...(element.closest('form')?.querySelectorAll('[aria-invalid=true]') ?? [])].map(
      (input) => /** @type {any} */ (input),
    );
    for (const input of wrong) input.closest('details')?.setAttribute('open', '');
    if (focus) wrong[0]?.focus();
  };
  return { element, clear, tell };
};

/** A question that is asked anew as one types; the answer to an older one is dropped. @param {(signal: AbortSignal) => Promise<void>} ask */
export const asking = (ask) => {
  let asked = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const stop = () => {
    clearTimeout(typing);
    asked.abort();
  };
  const now = () => {
    stop();
    asked = new AbortController();
    return ask(asked.signal);
  };
  const soon = () => {
    clearTimeout(typing);
    typing = setTimeout(now, 250);
  };
  return { now, soon, stop };
};

/** What a form does when it is sent, once at a time. @param {HTMLElement} button @param {() => Promise<void>} send */
export const sending = (button, send) => async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  if (button.getAttribute('aria-disabled')) return;
  button.setAttribute('aria-disabled', 'true');
  await send().finally(() => button.removeAttribute('aria-disabled'));
};

/** @param {string} title @param {(close: () => void) => HTMLElement} contentOf */
export const openDialog = (title, contentOf) => {
  const titleId = newId();
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const dialog = h(
    'dialog',
    { 'aria-labelledby': titleId, oncancel: () => dialog.remove() },
    h('h2', { id: titleId }, title),
    contentOf(close),
  );
  document.body.append(dialog);
  dialog.showModal();
};
