import type UPlot from 'uplot';

/** What page.html's plain scripts define. */
declare global {
  const uPlot: typeof UPlot;
}
