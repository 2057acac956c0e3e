import { uploadHandler } from '../lib/http/handler';
import type { Fields, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/addLabels';
import { refuseUpload } from '../lib/http/uploadProblem';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { labelTypeOf } from '../lib/samples/upload/labelType';
import { readUpload } from '../lib/samples/upload/readUpload';
import type { Upload } from '../lib/samples/upload/rows';
import { storeLabels } from '../lib/samples/upload/storeUpload';

/** Stores labels of predictions. Safe to repeat. */
export const addLabels =
  ({ db }: { db: Database }) =>
  async ({ model_id, label_type }: Fields<typeof route>, upload: Upload): Promise<Output<typeof route>> => {
    const type = await labelTypeOf(db, model_id, upload, label_type);
    const read = readUpload('labels', upload, type, undefined);
    return { status: 200, body: await storeLabels(db, model_id, read).catch(refuseUpload) };
  };

/** As that of addPredictions. */
const uploadTimeoutMs = 25_000;

export const handler = uploadHandler(route, async () => addLabels({ db: database(uploadTimeoutMs) }));
