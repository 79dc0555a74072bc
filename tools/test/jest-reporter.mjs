// Tells the process that started jest how far it is, while it runs: a run that is ended from outside
// writes no report, and yet every spec of it has to be counted.
const say = (message) => process.send?.(message);

export default class TallyReporter {
  onTestFileStart({ path }) {
    say({ kind: 'started', path });
  }

  onTestFileResult({ path }, result) {
    const { numPassingTests, numFailingTests, numPendingTests, numTodoTests } = result;
    // A file that could not even be loaded has no failed test: it counts as one.
    const unloaded = result.testExecError && numFailingTests === 0 ? 1 : 0;
    say({
      kind: 'ended',
      path,
      passed: numPassingTests,
      failed: numFailingTests + unloaded,
      skipped: numPendingTests + numTodoTests,
    });
  }

  onRunComplete() {
    say({ kind: 'complete' });
  }
}
