/** What esbuild's text loader does, for jest. */
module.exports = { process: (text) => ({ code: `module.exports = ${JSON.stringify(text)};` }) };
