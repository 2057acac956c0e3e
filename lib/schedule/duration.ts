const dayMs = 86_400_000;

const units = [7 * dayMs, dayMs, 3_600_000, 60_000, 1000];

/**
 * The milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds. Months and years have no fixed
 * length. @returns undefined for anything else
 */
export const durationMs = (text: string): number | undefined => {
  const found = /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  return found?.slice(1).reduce((sum, part, i) => sum + Number(part ?? 0) * (units[i] as number), 0);
};
