import type * as z from 'zod';
import type { windowSchema } from './schemas';

/** A row of table `maintenance_windows`. */
export interface FoundWindow {
  id: number;
  model_id: string | null;
  tag: string | null;
  starts_at: Date;
  ends_at: Date;
  note: string;
}

export const describeWindow = (window: FoundWindow): z.output<typeof windowSchema> => ({
  ...window,
  starts_at: window.starts_at.toISOString(),
  ends_at: window.ends_at.toISOString(),
});
