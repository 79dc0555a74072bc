import { describe, expect, it } from '@jest/globals';
import { heapProblems, nodeOptionsInPods } from './heap.js';
import { golden, type Container } from './manifests.js';
import { RENDERED } from './repository.js';
import { workloadsOf } from './workloads.js';

describe('Node collects its garbage before the kernel ends the pod', () => {
  it.each(Object.keys(RENDERED))('in %s', (name) => {
    expect(heapProblems(golden(name))).toEqual([]);
  });

  type Row = { options: string; memory: string; says: string };
  it.each<Row>`
    options                                                | memory     | says
    ${'--max-old-space-size=288'}                          | ${'384Mi'} | ${'may take any size'}
    ${'--max-semi-space-size=8'}                           | ${'384Mi'} | ${'may take any size'}
    ${'--max-old-space-size=288 --max-semi-space-size=16'} | ${'384Mi'} | ${'may take 432 MiB of 384'}
    ${'--max-old-space-size=224 --max-semi-space-size=8'}  | ${'343Mi'} | ${'may take 344 MiB of 343'}
  `('or else a pod of $memory with $options $says', ({ options, memory, says }) => {
    const { manifests, called } = broken((container) => {
      container.env = [{ name: 'NODE_OPTIONS', value: options }];
      container.resources = { limits: { memory } };
    });
    expect(heapProblems(manifests)).toEqual([`${called}: ${says}`]);
  });

  it('has one answer to how Node is called in a pod', () => {
    expect(nodeOptionsInPods()).toContain('--max-semi-space-size=8');
    const { manifests } = broken((container) => delete container.env);
    expect(() => nodeOptionsInPods(manifests)).toThrow('in the same way');
  });

  function broken(change: (container: Container) => void) {
    const manifests = golden('bare');
    const one = workloadsOf(manifests).find(({ part }) => part === 'worker');
    if (one === undefined) throw new Error('nothing to break');
    change(one.container);
    return { manifests, called: one.called };
  }
});
