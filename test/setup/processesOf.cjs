const { readdirSync, readFileSync, readlinkSync } = require('node:fs');

const isOf = (run, folder, pid) => {
  try {
    if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TEST_RUN=${run}\0`)) return true;
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`); // Redis writes its title over its environment
  } catch {
    return false; // it has ended
  }
};

/** The process ids of a test run, on Linux: those that have inherited TEST_RUN, or work in a folder of the run's. */
exports.processesOf = (run, folder) =>
  process.platform === 'linux'
    ? readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isOf(run, folder, pid))
    : [];
