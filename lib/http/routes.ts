import type { Route } from './route';
import { route as addLabels } from './routes/addLabels';
import { route as addPredictions } from './routes/addPredictions';
import { route as applySchedules } from './routes/applySchedules';
import { route as deleteSchedule } from './routes/deleteSchedule';
import { route as exposeMetrics } from './routes/exposeMetrics';
import { route as getReport } from './routes/getReport';
import { route as getResult } from './routes/getResult';
import { route as getSchedule } from './routes/getSchedule';
import { route as health } from './routes/health';
import { route as listMissed } from './routes/listMissed';
import { route as listRuns } from './routes/listRuns';
import { route as listSchedules } from './routes/listSchedules';
import { route as openapi } from './routes/openapi';
import { route as overview } from './routes/overview';
import { route as previewSchedule } from './routes/previewSchedule';
import { route as removeReference } from './routes/removeReference';
import { route as runNow } from './routes/runNow';
import { route as schedule } from './routes/schedule';
import { route as setReference } from './routes/setReference';
import { route as updateSchedule } from './routes/updateSchedule';

/** Every call of the API. */
export const routes: readonly Route[] = [
  schedule,
  listSchedules,
  previewSchedule,
  getSchedule,
  updateSchedule,
  deleteSchedule,
  applySchedules,
  setReference,
  removeReference,
  runNow,
  getResult,
  getReport,
  listRuns,
  listMissed,
  overview,
  addPredictions,
  addLabels,
  exposeMetrics,
  health,
  openapi,
];
