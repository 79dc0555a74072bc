import { spawn } from 'node:child_process';

/** Whether a Docker engine answers, within five seconds. */
export function dockerAnswers() {
  return new Promise((resolve) => {
    const asked = spawn('docker', ['version', '--format', '{{.Server.Version}}'], {
      stdio: 'ignore',
      timeout: 5_000,
    });
    asked.on('error', () => resolve(false));
    asked.on('close', (code) => resolve(code === 0));
  });
}
