/** An entry of API_TOKENS, as `npm run token` prints it. */
const token = /^[\w.-]+:(read|write):[0-9a-f]{64}$/;

/**
 * Fails a deploy whose API would be open, or closed to everybody.
 *
 * @param {string} access API_ACCESS, or `local`
 * @param {Record<string, string | undefined>} variables
 */
const requireCallers = (access, { API_TOKENS = '', JWT_ISSUER = '' }) => {
  const entries = API_TOKENS.split(',').flatMap((entry) => entry.trim() || []);
  const wrong = entries.find((entry) => !token.test(entry));
  if (wrong !== undefined) throw new Error(`API_TOKENS: "${wrong}" is no entry of "npm run token"`);
  if (access === 'tokens' && entries.length === 0) {
    throw new Error('set API_TOKENS to an entry of "npm run token", or API_ACCESS=jwt and JWT_ISSUER');
  }
  if (access === 'jwt' && !JWT_ISSUER.startsWith('https://')) {
    throw new Error('API_ACCESS=jwt needs the URL of an issuer: set JWT_ISSUER=https://...');
  }
  return access;
};

/** @param {{ resolveVariable: (address: string) => Promise<string> }} serverless */
const checked = async ({ resolveVariable }) =>
  requireCallers(await resolveVariable('param:apiAccess'), process.env);

module.exports = { checked, requireCallers };
