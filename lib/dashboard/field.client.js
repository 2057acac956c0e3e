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
