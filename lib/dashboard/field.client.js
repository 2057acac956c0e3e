import { fill, h, newId } from './dom.client.js';

/** A labelled input with its hint and its error. @param {any} attributes @param {string} label @param {string} hint @param {string} [before] an error */
export const field = (attributes, label, hint, before = ' ') => {
  const [id, hintId, errorId] = [newId(), newId(), newId()];
  const input = h(attributes.rows ? 'textarea' : 'input', {
    id,
    type: 'text',
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    'aria-describedby': `${errorId} ${hintId}`,
    ...attributes,
  });
  const error = h('p', { id: errorId, class: 'field-error' });
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    input,
    error,
    h('p', { id: hintId, class: 'hint' }, hint),
  );
  const tell = (/** @type {string | undefined} */ message) => {
    if (message) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    fill(error, message && `${label}${before}${message}`);
  };
  return { element, input, tell, error };
};

/**
 * A labelled choice of one.
 * @param {any} attributes
 * @param {string} label
 * @param {Record<string, string>} choices words by value
 * @param {string} [hint]
 */
export const choiceField = ({ value, ...attributes }, label, choices, hint) => {
  const [id, hintId, errorId] = [newId(), newId(), newId()];
  const input = h(
    'select',
    { id, 'aria-describedby': hint ? `${errorId} ${hintId}` : errorId, ...attributes },
    Object.entries(choices).map(([choice, word]) =>
      h('option', { value: choice, selected: choice === value }, word),
    ),
  );
  const error = h('p', { id: errorId, class: 'field-error' });
  return {
    element: h(
      'div',
      { class: 'field' },
      h('label', { for: id }, label),
      input,
      error,
      hint && h('p', { id: hintId, class: 'hint' }, hint),
    ),
    input,
    tell: (/** @type {string | undefined} */ message) => {
      if (message) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
      fill(error, message && `${label} ${message}`);
    },
  };
};

/** A box to tick. @param {any} attributes @param {string} label */
export const checkField = (attributes, label) => {
  const input = h('input', { type: 'checkbox', ...attributes });
  return { element: h('label', { class: 'check' }, input, label), input };
};

export const zoneList = () => {
  const id = 'zones';
  if (!document.getElementById(id)) {
    const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
    document.body.append(
      h(
        'datalist',
        { id },
        zones.map((zone) => h('option', { value: zone })),
      ),
    );
  }
  return id;
};
