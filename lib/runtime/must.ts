/** The message of a zod schema: what the field must be, or that it is required. */
export const must = (what: string) => ({
  error: (issue: { input?: unknown }) => `${issue.input === undefined ? 'is required: ' : 'must be '}${what}`,
});
