import { setTimeout as sleep } from 'node:timers/promises';

const tailBytes = 4096;

/** The last lines of a run may arrive after its answer. */
const settleMs = 50;

/**
 * What X-Amz-Log-Result holds for LogType Tail: the last 4 KB of an invocation's log, base64. An environment that writes
 * its log elsewhere (a file under `npm start`, its container's under Docker) has only Lambda's own lines here.
 */
export const tailOf = async (
  log: readonly string[],
  requestId: string,
  startedAt: number,
): Promise<string> => {
  const durationMs = Date.now() - startedAt;
  await sleep(settleMs);
  const lines = [
    `START RequestId: ${requestId} Version: $LATEST`,
    ...log,
    `END RequestId: ${requestId}`,
    `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${durationMs} ms`,
  ];
  return Buffer.from(`${lines.join('\n')}\n`)
    .subarray(-tailBytes)
    .toString('base64');
};
