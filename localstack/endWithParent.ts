// Preloaded into a child process: it ends when the process at the other end of its standard input does, however that ends.
process.stdin.on('close', () => process.exit(0)).resume();
