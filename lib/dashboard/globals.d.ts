import type Cronstrue from 'cronstrue';
import type UPlot from 'uplot';

/** What page.html's plain scripts define. */
declare global {
  const cronstrue: typeof Cronstrue;
  const uPlot: typeof UPlot;
}
