/** The 97.5 % quantile of the normal distribution. */
export const z = 1.959963984540054;
