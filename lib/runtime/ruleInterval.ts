const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** How often a rule of EventBridge fires, in milliseconds. A `cron(...)` is taken for once a day. */
export const ruleIntervalMs = (expression: string): number => {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return count && unit ? Number(count) * unitMs[unit as keyof typeof unitMs] : unitMs.day;
};
