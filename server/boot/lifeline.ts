// Loaded before a child's own code (`node --import`). The IPC channel to the parent is the child's lifeline: when the
// parent is gone, however it went, the child stops as if asked to and, failing that, is cut off.

const graceMs = 20_000;

// A child's own workers inherit its `--import`, but not its parent: their channel is their program's business.
const parent = new URL(import.meta.url).searchParams.get('parent');

if (process.channel && parent === String(process.ppid)) {
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), graceMs).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // Listening keeps the channel open, which would keep a child alive that has nothing left to do.
  process.channel.unref();
}
