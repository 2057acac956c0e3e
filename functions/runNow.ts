import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/runNow';
import type { Result } from '../lib/runs/result';
import type { Skipped } from '../lib/runs/run';
import { runs } from '../lib/runtime/clients';
import type { Invoker } from '../lib/runtime/invoker';

/** A run now, in computeAccuracy's own environment. */
export const runNow =
  ({ runs }: { runs: Invoker }) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    const event = { model_id, scheduled_time: new Date().toISOString(), trigger: 'manual' };
    const outcome = (await runs.invoke(event)) as Result | Skipped;
    if (outcome.status === 'skipped') throw new Problem(404, `model ${model_id} has no schedule`);
    return { status: 200, body: outcome };
  };

export const handler = httpHandler(route, async () => runNow({ runs: runs() }));
