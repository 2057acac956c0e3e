import * as z from 'zod';
import { data, minCoverage, minSamples, reviseFor, segments } from '../../schedule/dataSettings';
import {
  catchUp,
  cronExpression,
  description,
  enabled,
  flexibleWindowMinutes,
  maxDataAgeMinutes,
  name,
  tags,
  timezone,
} from '../../schedule/fields';
import { labels, metrics, posLabel, task } from '../../schedule/metricSettings';
import { scheduleSchema } from '../../schedule/schedule';
import { modelParams } from '../parameters';
import type { Route } from '../route';

export const route = {
  name: 'updateSchedule',
  method: 'patch',
  path: '/schedule/{model_id}',
  summary: "Change some of a schedule's settings",
  description: 'Settings that are left out stay. `{"enabled": false}` pauses, `{"enabled": true}` resumes.',
  scope: 'write',
  params: modelParams,
  body: z
    .strictObject({
      cron_expression: cronExpression.optional(),
      timezone: timezone.optional(),
      enabled: enabled.optional(),
      flexible_window_minutes: flexibleWindowMinutes.optional(),
      catch_up: catchUp.optional(),
      task: task.optional(),
      metrics: metrics.optional(),
      pos_label: posLabel.optional(),
      labels: labels.optional(),
      name: name.optional(),
      description: description.optional(),
      tags: tags.optional(),
      max_data_age_minutes: maxDataAgeMinutes.optional(),
      data: data.optional(),
      min_samples: minSamples.optional(),
      min_coverage: minCoverage.optional(),
      segments: segments.optional(),
      revise_for: reviseFor.optional(),
    })
    .meta({ id: 'Changes', examples: [{ enabled: false }] }),
  responses: { 200: { description: 'The schedule as it is now', schema: scheduleSchema } },
  errors: [404, 409, 429, 503],
} satisfies Route;
