/** What pages of other origins may send, and read of the answer, where they may call at all. */
const allowed = {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  headers: ['authorization', 'content-encoding', 'content-type', 'if-none-match'],
  exposed: ['allow', 'etag', 'location', 'retry-after', 'www-authenticate'],
  seconds: 600,
};

/** @param {string} [text] CORS_ORIGINS: separated by commas */
const originsOf = (text = '') => {
  const origins = text.split(',').flatMap((item) => item.trim().toLowerCase() || []);
  const wrong = origins.find((origin) => !/^https?:\/\/[^/?#*@]+$/.test(origin));
  if (wrong) throw new Error(`CORS_ORIGINS: ${wrong} is no origin, such as https://example.com`);
  return origins;
};

/** API Gateway's, which answers none but these origins. Serverless Framework calls this. */
const cors = async () => {
  const allowedOrigins = originsOf(process.env.CORS_ORIGINS);
  return (
    allowedOrigins.length > 0 && {
      allowedOrigins,
      allowedMethods: allowed.methods,
      allowedHeaders: allowed.headers,
      exposedResponseHeaders: allowed.exposed,
      maxAge: allowed.seconds,
    }
  );
};

module.exports = { allowed, cors, originsOf };
