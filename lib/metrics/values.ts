import type { AskedMetric, Plan } from './checkMetrics';
import type { Counted } from './count';
import type { Label } from './decode/labels';
import type { Counts, Options } from './metric';

/** A metric that was asked for, and what it is; NaN where it is undefined. */
export interface Valued extends AskedMetric {
  options: Options;
  value: number;
  /** Why it is undefined, or which classes an average leaves out or counts as 0. */
  reason: string | undefined;
}

export const valuesOf = (plan: Plan, { counts, noScores }: Counted): Valued[] => {
  const places = { scores: placesOf(counts.scores?.labels), classes: placesOf(counts.classes?.labels) };
  return plan.asked.map((asked) => {
    const options = optionsFor(plan, asked, counts, places);
    const of = counts[asked.metric.needs] as never;
    if (!of) return { ...asked, options, value: Number.NaN, reason: noScores };
    const value = asked.metric.compute(of, options);
    const reason = asked.metric.undefined?.(of, options);
    return {
      ...asked,
      options,
      value,
      reason: Number.isFinite(value) ? reason : (reason ?? 'too large for a double'),
    };
  });
};

type Places = ReadonlyMap<Label, number>;

const placesOf = (labels: readonly Label[] | undefined): Places =>
  new Map(labels?.map((label, i) => [label, i]));

const optionsFor = (
  { posLabel, labels }: Plan,
  { metric, params }: AskedMetric,
  counts: Partial<Counts>,
  places: { scores: Places; classes: Places },
): Options => {
  const place = metric.needs === 'scores' ? places.scores : places.classes;
  const at = (label: Label) => place.get(label) ?? -1;
  const asked = counts.multilabel ? counts.multilabel.labels : labels; // a label of an indicator is one even if no row has it
  const chosen = asked && Int32Array.from(asked, at);
  return { posLabel, pos: at(posLabel ?? 1), labels: asked, chosen, params };
};
