import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Trigger } from '../runs/run';

// CloudWatch makes metrics of these log lines, under the dimension `service`: POWERTOOLS_SERVICE_NAME. What would make a
// metric of its own for every model is a property of the line, not a dimension.
const metrics = new Metrics({ namespace: 'CyclicMetrics' });

interface MeasuredRun {
  model_id: string;
  scheduled_time: Date;
  trigger: Trigger;
}

/** One run: its status, what it took, and how long after its due time it began. */
export const measureRun = (run: MeasuredRun, status: string, startedAt: Date): void => {
  metrics.addDimension('status', status);
  metrics.addMetadata('model_id', run.model_id);
  metrics.addMetric('Runs', MetricUnit.Count, 1);
  metrics.addMetric('Duration', MetricUnit.Milliseconds, Date.now() - startedAt.getTime());
  if (run.trigger === 'schedule') {
    metrics.addMetric(
      'Lateness',
      MetricUnit.Milliseconds,
      startedAt.getTime() - run.scheduled_time.getTime(),
    );
  }
  metrics.publishStoredMetrics();
};

/** What watch found: how many models have missed their newest due time, and how many due times were missed now. */
export const measureWatch = (staleModels: number, missed: number): void => {
  metrics.addMetric('StaleModels', MetricUnit.Count, staleModels);
  metrics.addMetric('MissedRuns', MetricUnit.Count, missed);
  metrics.publishStoredMetrics();
};
