import { describe, expect, it } from '@jest/globals';
import { golden, type Container, type PodSpec } from './manifests.js';
import { RENDERED } from './repository.js';
import { unrestricted } from './restricted-pods.js';
import { workloadsOf } from './workloads.js';

describe('every pod is restricted', () => {
  it.each(Object.keys(RENDERED))('in %s', (name) => {
    expect(unrestricted(golden(name))).toEqual([]);
  });

  type Row = { says: string; change: (pod: PodSpec, container: Container) => void };
  it.each<Row>([
    { says: 'shares the network of the host', change: (pod) => (pod.hostNetwork = true) },
    { says: 'sees the processes of the host', change: (pod) => (pod.hostPID = true) },
    { says: 'shares memory with the host', change: (pod) => (pod.hostIPC = true) },
    {
      says: 'mounts a hostPath',
      change: (pod) => Object.assign(pod.volumes?.[0] ?? {}, { hostPath: { path: '/' } }),
    },
    { says: 'is privileged', change: (_, c) => Object.assign(on(c), { privileged: true }) },
    { says: 'may run as root', change: (pod) => delete pod.securityContext?.runAsNonRoot },
    { says: 'runs as root', change: (_, c) => (on(c).runAsUser = 0) },
    { says: 'has no seccomp profile', change: (pod) => delete pod.securityContext?.seccompProfile },
    {
      says: 'goes without seccomp',
      change: (_, c) => (on(c).seccompProfile = { type: 'Unconfined' }),
    },
    {
      says: 'goes without AppArmor',
      change: (_, c) => (on(c).appArmorProfile = { type: 'Unconfined' }),
    },
    {
      says: 'changes its SELinux type',
      change: (_, c) => (on(c).seLinuxOptions = { type: 'spc_t' }),
    },
    { says: 'sees all of /proc', change: (_, c) => (on(c).procMount = 'Unmasked') },
    {
      says: 'changes the kernel',
      change: (pod) => Object.assign(pod.securityContext ?? {}, { sysctls: [{ name: 'vm.any' }] }),
    },
    { says: 'may gain privileges', change: (_, c) => delete on(c).allowPrivilegeEscalation },
    { says: 'keeps capabilities', change: (_, c) => (on(c).capabilities = { drop: ['NET_RAW'] }) },
    {
      says: 'adds capabilities',
      change: (_, c) => (on(c).capabilities = { drop: ['ALL'], add: ['SYS_ADMIN'] }),
    },
    {
      says: 'takes a port of the host',
      change: (_, c) => Object.assign(c.ports?.[0] ?? {}, { hostPort: 80 }),
    },
    {
      says: 'probes another host',
      change: (_, c) => Object.assign(c.livenessProbe?.httpGet ?? {}, { host: '169.254.169.254' }),
    },
    {
      says: 'may run as root',
      change: (pod, c) => {
        pod.initContainers = [{ ...c, securityContext: { runAsNonRoot: false } }];
      },
    },
    {
      says: 'has a user id that a host may have',
      change: (pod) => Object.assign(pod.securityContext ?? {}, { runAsUser: 1000 }),
    },
    { says: 'may write to its image', change: (_, c) => delete on(c).readOnlyRootFilesystem },
    {
      says: "holds a token of the cluster's API",
      change: (pod) => delete pod.automountServiceAccountToken,
    },
    {
      says: 'gets the addresses of all services as variables',
      change: (pod) => delete pod.enableServiceLinks,
    },
    {
      says: 'may fill the disk of its node',
      change: (pod) => pod.volumes?.push({ name: 'scratch', emptyDir: {} }),
    },
    { says: 'has nowhere to write for a moment', change: (_, c) => (c.volumeMounts = []) },
    { says: 'does not say what it needs', change: (_, c) => delete c.resources },
    {
      says: 'may be evicted for memory that it did not ask for',
      change: (_, c) => Object.assign(c.resources?.limits ?? {}, { memory: '1Gi' }),
    },
  ])('or else it $says, and that is seen', ({ says, change }) => {
    const manifests = golden('bare');
    const [broken] = workloadsOf(manifests);
    if (broken === undefined) throw new Error('nothing to break');

    change(broken.template.spec, broken.container);

    expect(unrestricted(manifests)).toContain(`${broken.called}: ${says}`);
  });

  const on = (container: Container) => (container.securityContext ??= {});
});
