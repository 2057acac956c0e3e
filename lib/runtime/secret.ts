/** The text of a secret of Secrets Manager. */
export const readSecret = async (secretArn: string): Promise<string> => {
  const { getSecret } = await import('@aws-lambda-powertools/parameters/secrets');
  return String(await getSecret(secretArn));
};

/**
 * The password in a secret of Secrets Manager: all of its text, or what JSON has as "password", as RDS keeps it. Asked for
 * with every new connection, of which an environment needs one, so that a rotated password is found.
 */
export const readPassword = async (secretArn: string): Promise<string> => {
  const text = await readSecret(secretArn);
  return text.startsWith('{') ? JSON.parse(text).password : text;
};
