import * as z from 'zod';
import { openMetricsType } from '../openMetrics';
import type { Route } from '../route';

const example = `# TYPE cyclic_model_metric gauge
# HELP cyclic_model_metric The value of each metric of a model's schedule in its newest run
cyclic_model_metric{model_id="550e8400-e29b-41d4-a716-446655440000",metric="accuracy"} 0.75
# EOF
`;

export const route = {
  name: 'exposeMetrics',
  method: 'get',
  path: '/metrics',
  summary: 'Read all models for Prometheus',
  description:
    'In the text format of OpenMetrics 1.0, compressed for those who take gzip, as Prometheus does. Without gzip Lambda has room for some 7,000 models.',
  scope: 'read',
  responses: {
    200: { description: 'OpenMetrics', schema: z.string(), type: openMetricsType, examples: [example] },
  },
  errors: [503],
} satisfies Route;
