import type { Route } from './route';
import { route as addLabels } from './routes/addLabels';
import { route as addMaintenance } from './routes/addMaintenance';
import { route as addPredictions } from './routes/addPredictions';
import { route as applySchedules } from './routes/applySchedules';
import { route as backfill } from './routes/backfill';
import { route as cancelBackfill } from './routes/cancelBackfill';

import { route as deleteMaintenance } from './routes/deleteMaintenance';
import { route as deletePredictions } from './routes/deletePredictions';
import { route as deleteRule } from './routes/deleteRule';
import { route as deleteSchedule } from './routes/deleteSchedule';
import { route as deleteTagRule } from './routes/deleteTagRule';
import { route as exposeMetrics } from './routes/exposeMetrics';
import { route as getAlerts } from './routes/getAlerts';
import { route as getBackfill } from './routes/getBackfill';
import { route as getReport } from './routes/getReport';
import { route as getResult } from './routes/getResult';
import { route as getSchedule } from './routes/getSchedule';
import { route as health } from './routes/health';
import { route as listAlerts } from './routes/listAlerts';
import { route as listAudit } from './routes/listAudit';
import { route as listMaintenance } from './routes/listMaintenance';
import { route as listMissed } from './routes/listMissed';
import { route as listPredictions } from './routes/listPredictions';
import { route as listRuns } from './routes/listRuns';
import { route as listSchedules } from './routes/listSchedules';
import { route as listTagRules } from './routes/listTagRules';
import { route as openapi } from './routes/openapi';
import { route as overview } from './routes/overview';
import { route as previewSchedule } from './routes/previewSchedule';
import { route as putRule } from './routes/putRule';
import { route as putTagRule } from './routes/putTagRule';
import { route as removeReference } from './routes/removeReference';
import { route as runNow } from './routes/runNow';
import { route as schedule } from './routes/schedule';
import { route as setReference } from './routes/setReference';
import { route as snoozeAlert } from './routes/snoozeAlert';
import { route as testAlerts } from './routes/testAlerts';
import { route as tryRule } from './routes/tryRule';
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
  backfill,
  getBackfill,
  cancelBackfill,
  runNow,
  getResult,
  getReport,
  listRuns,
  listMissed,
  overview,
  addPredictions,
  listPredictions,
  deletePredictions,
  listAlerts,
  testAlerts,
  listAudit,
  addMaintenance,
  listMaintenance,
  deleteMaintenance,
  listTagRules,
  putTagRule,
  deleteTagRule,
  getAlerts,
  putRule,
  deleteRule,
  snoozeAlert,
  tryRule,
  addLabels,
  exposeMetrics,
  health,
  openapi,
];
