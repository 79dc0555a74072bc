// Preloaded in images, where Node is process 1. The kernel ends that process by no signal that it does
// not handle, so that a service which still waits for its database, or a migration, could only be killed.
// Until somebody else handles a signal, it ends the process as it would end any other.
const NUMBERS = { SIGTERM: 15, SIGINT: 2 };

for (const [signal, number] of Object.entries(NUMBERS)) {
  const end = () => process.exit(128 + number);
  process.on(signal, end);
  process.on('newListener', (event) => {
    if (event === signal) process.off(signal, end);
  });
}
