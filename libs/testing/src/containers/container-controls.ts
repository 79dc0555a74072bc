import { getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers';
import type { ServerControls } from '../back-end/servers.js';
import { eventually } from '../eventually.js';

const READY_WITHIN_MS = 60_000;

/**
 * What a spec may do to a server in a container. Its port on the host is one that we chose: Docker
 * would hand out another one at every start, and a restarted server keeps its address.
 */
export async function containerControls(
  container: StartedTestContainer,
  answers: () => Promise<boolean>,
): Promise<ServerControls> {
  const docker = await getContainerRuntimeClient();
  const own = docker.container.getById(container.getId());
  return {
    pause: async () => void (await own.pause()),
    resume: async () => void (await own.unpause()),
    kill: async () => {
      await own.kill();
      await own.wait();
    },
    stop: async () => void (await own.stop()),
    restart: async () => {
      await own.start();
      await eventually(answers, { withinMs: READY_WITHIN_MS, what: 'the container to answer' });
    },
    [Symbol.asyncDispose]: async () => void (await container.stop({ timeout: 0 })),
  };
}

/** Host name under which ports of containers are reached from here. */
export async function containerHost(): Promise<string> {
  const docker = await getContainerRuntimeClient();
  return process.env['TESTCONTAINERS_HOST_OVERRIDE'] ?? docker.info.containerRuntime.host;
}
