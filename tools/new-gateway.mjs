// What Nx runs as @hutong/tools:new-gateway. Plain JavaScript on purpose: it needs nothing built.
import { fromSource } from './from-source.mjs';

export default async function newGateway(tree, options) {
  const generator = await fromSource('tools/src/new-gateway/new-gateway.ts');
  return generator.newGateway(tree, options);
}
