// The door of every root command: `npm run demo`, `npm start`, `npm test`, `npm run bench`,
// `npm run check -- <path>`. It runs on whatever Node.js the machine has, so this file keeps to
// syntax that an old one can still parse, and refuses it by name instead of by a stack trace.

const oldestMajor = 18;
const major = Number(process.versions.node.split('.')[0]);

if (major < oldestMajor) {
  console.error(
    `gatehouse: Node.js ${process.versions.node} is too old to set Gatehouse up.\n` +
      `  where: ${process.execPath}\n` +
      `  do:    put Node.js ${oldestMajor} or newer first on PATH, and run the command again\n` +
      '         (the version that runs Gatehouse itself is then fetched for you)',
  );
  process.exitCode = 1;
} else {
  import('./bootstrap/main.mjs').then(({ main }) => main(process.argv.slice(2)));
}
