const { appendFileSync, existsSync, statSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');

class NoSuchModel extends Error {
  name = 'NoSuchModel';
}

let running = 0;

const doing = {
  answer: ({ value }) => value,
  nothing: () => undefined,
  fail: ({ message }) => {
    throw new NoSuchModel(message);
  },
  failWithText: () => {
    throw 'just text';
  },
  circle: () => {
    const circle = {};
    circle.circle = circle;
    return circle;
  },
  big: ({ bytes }) => 'x'.repeat(bytes),
  length: ({ text }) => text.length,
  exit: ({ code }) => process.exit(code),
  die: () => process.kill(process.pid, 'SIGKILL'),
  rejectUnseen: () => {
    Promise.reject(new Error('nobody waits for this'));
    return sleep(3_600_000);
  },
  write: async ({ lines }) => {
    for (let n = 0; n < lines; n++) console.log(`line ${n}`);
  },
  never: () => new Promise(() => {}),
  spin: () => {
    for (;;);
  },
  // Says that it has begun, and goes on when the file exists.
  until: async ({ file }) => {
    running++;
    const together = running;
    appendFileSync(`${file}.begun`, `${process.pid}\n`);
    while (!existsSync(file)) await sleep(5);
    running--;
    return { pid: process.pid, together };
  },
  failTimes: ({ file, times }) => {
    appendFileSync(file, 'x');
    const { size } = statSync(file);
    if (size <= times) throw new NoSuchModel(`attempt ${size}`);
    return 'ok';
  },
};

exports.handler = async (event) => doing[event.do](event);
exports.notAFunction = 42;
exports.callback = (_event, _context, callback) => callback(null, 'old');
