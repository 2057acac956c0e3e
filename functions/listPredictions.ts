import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/listPredictions';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { readCursor, toCursor } from '../lib/samples/stored';
import listPredictionsSql from '../sql/queries/listPredictions.sql';
import listSampleRowsSql from '../sql/queries/listSampleRows.sql';

/** A row of listSampleRows.sql. */
export interface FoundRow {
  results_id: number;
  timestamp: Date;
  at: string;
  bytes: number;
}

/** A row of listPredictions.sql. */
export interface FoundPrediction {
  id: string;
  timestamp: Date;
  at: string;
  y_pred: string;
  y_score: string | null;
  y_true: string | null;
  label_timestamp: Date | null;
  segments: Record<string, string> | null;
}

const describeRow = ({ results_id, timestamp, bytes }: FoundRow) => ({
  results_id,
  timestamp: timestamp.toISOString(),
  bytes,
});

const describePrediction = ({ at: _, ...found }: FoundPrediction) => ({
  ...found,
  y_pred: JSON.parse(found.y_pred),
  y_score: found.y_score && JSON.parse(found.y_score),
  y_true: found.y_true && JSON.parse(found.y_true),
  timestamp: found.timestamp.toISOString(),
  label_timestamp: found.label_timestamp?.toISOString() ?? null,
  segments: found.segments ?? {},
});

const idOf = (found: FoundRow | FoundPrediction) => ('id' in found ? found.id : String(found.results_id));

/** A page of what a model's runs look at. */
export const listPredictions =
  ({ db }: { db: Database }) =>
  async ({ model_id, of, limit, before }: Input<typeof route>): Promise<Output<typeof route>> => {
    const place = before === undefined ? undefined : readCursor(of, before);
    const sql = of === 'rows' ? listSampleRowsSql : listPredictionsSql;
    const values = [model_id, place?.at ?? null, place?.id ?? null, limit + 1];
    const found = await db.query<FoundRow | FoundPrediction>(sql, values);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      status: 200,
      body: {
        items: page.map((one) => ('id' in one ? describePrediction(one) : describeRow(one))),
        next_before: last && found.length > limit ? toCursor({ at: last.at, id: idOf(last) }) : null,
      },
    };
  };

export const handler = httpHandler(route, async () => listPredictions({ db: database() }));
