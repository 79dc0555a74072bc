import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { postgresAnswers } from '../back-end/postgres-answers.js';
import type { OwnDatabase } from '../back-end/servers.js';
import { freePorts } from '../free-ports.js';
import { containerControls, containerHost } from './container-controls.js';

const INSIDE = 5432;

/** @param version major, the image's tag. @throws Error if the engine cannot bring it. */
export async function startPostgresContainer(version: number): Promise<OwnDatabase> {
  const [port = 0] = await freePorts(1);
  const container = await new PostgreSqlContainer(`postgres:${version}`)
    .withExposedPorts({ container: INSIDE, host: port })
    .withCommand(['postgres', '-c', 'max_connections=400'])
    .start();
  const [user, password] = [container.getUsername(), container.getPassword()];
  const address = `${await containerHost()}:${port}`;
  const adminUrl = `postgres://${user}:${password}@${address}/${container.getDatabase()}`;
  return { adminUrl, ...(await containerControls(container, () => postgresAnswers(adminUrl))) };
}
