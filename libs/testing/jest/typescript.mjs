// Lets Node run the fixtures' own TypeScript before anything is built: Node strips the types, this
// finds `x.ts` where the source says `./x.js`.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const relative = /^\.{1,2}\/.*\.js$/.test(specifier);
    const fromSource = context.parentURL?.endsWith('.ts') === true;
    return next(relative && fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
