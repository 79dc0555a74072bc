// Preloaded in images, where Node is process 1. The kernel ends that process by no signal that it does
// not handle, so that a service which still waits for its database, or a migration, could only be killed.
// Until somebody else handles a signal, it ends the process as it would end any other.
const NUMBERS = { SIGTERM: 15, SIGINT: 2 };

for (const [signal, number] of Object.entries(NUMBERS)) {
  // Not taken off when another comes: Node stops watching a signal whose last listener goes, for good
  // if that happens while the next one is being added.
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(128 + number);
  });
}
