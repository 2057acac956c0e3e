/** The sum of f(0), f(1), ... f(size - 1), with what rounding loses carried along (Neumaier 1974). */
export const sumOf = (size: number, f: (i: number) => number): number => {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < size; i++) {
    const term = f(i);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) ? sum + lost : sum;
};
