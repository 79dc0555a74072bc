import type { Seen } from '@hutong/world';

/** Every offer of a payment: by which version, and each method with the reasons against it. */
export const verdictsOf = ({ decisions }: Pick<Seen, 'decisions'>) =>
  decisions.decisions.map(({ policyVersion, methods }) => ({
    policyVersion,
    methods: methods.map(({ method, reasons }) => [method, ...reasons]),
  }));
