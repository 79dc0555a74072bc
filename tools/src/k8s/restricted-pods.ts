import type { Manifest, PodSpec, SecurityContext, Volume } from './manifests.js';
import { workloadsOf, type Workload } from './workloads.js';

/** What `pods` of the restricted level may mount. */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
];
const SECCOMP = ['RuntimeDefault', 'Localhost'];
const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const LOWEST_ID = 10_000;

type Complaint = string | false;
const only = (complaints: readonly Complaint[]): string[] =>
  complaints.filter((one): one is string => one !== false);

/** What the `restricted` Pod Security Standard (1.34) refuses, and our own stricter rules. */
export const unrestricted = (manifests: readonly Manifest[]): string[] =>
  workloadsOf(manifests).flatMap((workload) =>
    [...refusedByStandard(workload.template.spec), ...refusedByUs(workload)].map(
      (complaint) => `${workload.called}: ${complaint}`,
    ),
  );

function refusedByStandard(pod: PodSpec): string[] {
  const containers = [
    ...pod.containers,
    ...(pod.initContainers ?? []),
    ...(pod.ephemeralContainers ?? []),
  ];
  return [
    ...only([
      pod.hostNetwork === true && 'shares the network of the host',
      pod.hostPID === true && 'sees the processes of the host',
      pod.hostIPC === true && 'shares memory with the host',
    ]),
    ...(pod.volumes ?? []).flatMap(volumeRefused),
    ...contextRefused(pod.securityContext ?? {}),
    ...containers.flatMap((container) => {
      // What the container says for itself comes first, then what its pod says.
      const own = { ...pod.securityContext, ...container.securityContext };
      const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
      return [
        ...contextRefused(container.securityContext ?? {}),
        ...only([
          own.runAsNonRoot !== true && 'may run as root',
          own.runAsUser === 0 && 'runs as root',
          !SECCOMP.includes(own.seccompProfile?.type ?? '') && 'has no seccomp profile',
          own.allowPrivilegeEscalation !== false && 'may gain privileges',
          own.capabilities?.drop?.includes('ALL') !== true && 'keeps capabilities',
          own.capabilities?.add?.some((one) => one !== 'NET_BIND_SERVICE') === true &&
            'adds capabilities',
          container.ports?.some(({ hostPort = 0 }) => hostPort !== 0) === true &&
            'takes a port of the host',
          probes.some((probe) => (probe?.httpGet?.host ?? '') !== '') && 'probes another host',
        ]),
      ];
    }),
  ];
}

/** What neither a pod's nor a container's context may say. */
const contextRefused = (context: SecurityContext): string[] =>
  only([
    context.privileged === true && 'is privileged',
    context.runAsNonRoot === false && 'asks to run as root',
    context.seccompProfile !== undefined &&
      !SECCOMP.includes(context.seccompProfile.type ?? '') &&
      'goes without seccomp',
    context.appArmorProfile?.type === 'Unconfined' && 'goes without AppArmor',
    !SELINUX_TYPES.includes(context.seLinuxOptions?.type ?? '') && 'changes its SELinux type',
    (context.seLinuxOptions?.user ?? context.seLinuxOptions?.role ?? '') !== '' &&
      'changes its SELinux user',
    (context.procMount ?? 'Default') !== 'Default' && 'sees all of /proc',
    context.windowsOptions?.hostProcess === true && 'is a process of the host',
    context.sysctls?.some(({ name }) => !SAFE_SYSCTLS.includes(name)) === true &&
      'changes the kernel',
  ]);

const volumeRefused = (volume: Volume): string[] =>
  Object.keys(volume)
    .filter((key) => key !== 'name' && !VOLUMES.includes(key))
    .map((kind) => `mounts a ${kind}`);

function refusedByUs({ container, template: { spec: pod } }: Workload): string[] {
  const context = { ...pod.securityContext, ...container.securityContext };
  const { requests = {}, limits = {} } = container.resources ?? {};
  return only([
    (context.runAsUser ?? 0) < LOWEST_ID && 'has a user id that a host may have',
    (context.runAsGroup ?? 0) < LOWEST_ID && 'has a group id that a host may have',
    context.readOnlyRootFilesystem !== true && 'may write to its image',
    pod.automountServiceAccountToken !== false && "holds a token of the cluster's API",
    pod.enableServiceLinks !== false && 'gets the addresses of all services as variables',
    pod.volumes?.some(({ emptyDir }) => emptyDir && emptyDir.sizeLimit === undefined) === true &&
      'may fill the disk of its node',
    container.volumeMounts?.some(({ mountPath }) => mountPath === '/tmp') !== true &&
      'has nowhere to write for a moment',
    ['cpu', 'memory', 'ephemeral-storage'].some((one) => !(one in requests && one in limits)) &&
      'does not say what it needs',
    requests['memory'] !== limits['memory'] && 'may be evicted for memory that it did not ask for',
  ]);
}
