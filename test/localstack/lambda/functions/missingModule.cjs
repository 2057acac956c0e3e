require('./there-is-no-such-module.cjs');
exports.handler = async () => 'never';
