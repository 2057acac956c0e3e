import { createHash, randomBytes } from 'node:crypto';

const [name, scope] = process.argv.slice(2);

if (!/^[\w.-]+$/.test(name ?? '') || !['read', 'write'].includes(scope)) {
  console.error(
    'usage: npm run token -- <name> <read|write>     for example: npm run token -- dashboard read',
  );
  process.exit(2);
}

const token = `cm_${randomBytes(32).toString('base64url')}`;
const hash = createHash('sha256').update(token).digest('hex');

console.log(`The token, for its holder. It is not stored anywhere, and cannot be shown again:

  ${token}

Its entry in API_TOKENS, which lists all entries, separated by commas:

  ${name}:${scope}:${hash}
`);
