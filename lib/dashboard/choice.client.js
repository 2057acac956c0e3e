const defaults = { q: '', tag: '', status: '', sort: 'status', order: 'asc', page: '1', size: '50' };

/** @typedef {typeof defaults} Choice */

/** @param {URLSearchParams} search @returns {Choice} */
export const choiceOf = (search) => /** @type {Choice} */ ({ ...defaults, ...Object.fromEntries(search) });

/** Only what differs, so that addresses stay short. @param {Choice} choice */
export const addressOf = (choice) => {
  const different = Object.entries(choice).filter(
    ([key, value]) => value !== defaults[/** @type {keyof Choice} */ (key)],
  );
  const search = new URLSearchParams(different).toString();
  return search ? `#/?${search}` : '#/';
};

/** @param {Choice} choice */
export const pathOf = ({ q, tag, status, sort, order, page, size }) => {
  const offset = (Math.max(1, Number(page) || 1) - 1) * (Number(size) || 50);
  const search = new URLSearchParams({ limit: size, offset: String(offset), sort, order });
  if (q) search.set('q', q);
  if (tag) search.set('tag', tag);
  if (status) search.set('status', status);
  return `overview?${search}`;
};
