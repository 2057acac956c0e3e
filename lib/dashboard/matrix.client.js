import { fill, h } from './dom.client.js';

/** How dark a cell is, by its share of its row; see the levels in report.css. @param {number} share */
const levelOf = (share) => (share === 0 ? 0 : Math.min(9, 1 + Math.floor(share * 9)));

/** @param {number} share */
const shareText = (share) => `${(share * 100).toFixed(1)} %`;

/** @param {number} count */
const grouped = (count) => count.toLocaleString('en');

/**
 * A confusion matrix as a heat map: rows are true classes, columns predicted ones. One cell at a time is in the order of
 * Tab; the arrow keys walk from there.
 * @param {(string | number)[]} labels
 * @param {number[][]} counts
 * @param {(number | null)[]} totals samples of each class, on all columns
 */
export const confusionMatrix = (labels, counts, totals) => {
  const size = labels.length;
  const readout = h('p', { class: 'readout' });
  const words = (/** @type {number} */ row, /** @type {number} */ column) => {
    const [count, total] = [counts[row]?.[column] ?? 0, totals[row] ?? 0];
    const share = total > 0 ? `, ${shareText(count / total)} of ${grouped(total)}` : '';
    return `true ${labels[row]}, predicted ${labels[column]}: ${grouped(count)}${share}`;
  };

  /** @type {HTMLElement[][]} */
  const cells = counts.map((row, at) =>
    row.map((count, column) => {
      const cell = document.createElement('td');
      cell.setAttribute('role', 'gridcell');
      cell.className = `heat${levelOf(count / Math.max(1, totals[at] ?? 0))}${at === column ? ' right' : ''}`;
      cell.textContent = grouped(count);
      return cell;
    }),
  );
  const wide = labels.some((label) => String(label).length > 4);
  const grid = h(
    'table',
    { class: 'matrix', role: 'grid', 'aria-labelledby': 'matrix-title', 'aria-rowcount': size + 1 },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { class: 'corner' }, 'true ↓ predicted →'),
        labels.map((label) =>
          h('th', { scope: 'col', title: label, class: wide ? 'upright' : '' }, h('span', {}, label)),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      cells.map((row, at) => h('tr', {}, h('th', { scope: 'row', title: labels[at] }, labels[at]), row)),
    ),
  );

  let active = { row: 0, column: 0 };
  const cellAt = (/** @type {{row: number, column: number}} */ { row, column }) => cells[row]?.[column];
  const go = (/** @type {number} */ row, /** @type {number} */ column) => {
    const before = cellAt(active);
    before?.removeAttribute('tabindex');
    before?.removeAttribute('aria-label');
    const within = (/** @type {number} */ at) => Math.max(0, Math.min(size - 1, at));
    active = { row: within(row), column: within(column) };
    const cell = cellAt(active);
    cell?.setAttribute('tabindex', '0');
    cell?.setAttribute('aria-label', words(active.row, active.column));
    return cell;
  };
  const placeOf = (/** @type {EventTarget | null} */ target) => {
    const cell = /** @type {HTMLElement | null} */ (target)?.closest?.('td');
    const row = cells.findIndex((row) => row[0]?.parentElement === cell?.parentElement);
    return cell && row >= 0 ? { row, column: cells[row]?.indexOf(cell) ?? 0 } : undefined;
  };
  const tell = (/** @type {Event} */ { target }) => {
    const place = placeOf(target);
    if (place) fill(readout, words(place.row, place.column));
  };
  grid.addEventListener('focusin', tell);
  grid.addEventListener('mouseover', tell);
  grid.addEventListener('click', ({ target }) => {
    const place = placeOf(target);
    if (place) go(place.row, place.column)?.focus();
  });
  grid.addEventListener('keydown', (event) => {
    const { row, column } = active;
    const far = event.ctrlKey || event.metaKey;
    const to = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      PageUp: [row - 10, column],
      PageDown: [row + 10, column],
      Home: [far ? 0 : row, 0],
      End: [far ? size : row, size],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    go(to[0] ?? 0, to[1] ?? 0)?.focus();
  });
  go(0, 0);
  fill(readout, 'Point at a cell, or use the arrow keys, to read it.');
  return h('div', {}, h('div', { class: 'matrix-box' }, grid), readout);
};
