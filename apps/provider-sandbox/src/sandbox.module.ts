import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { WorldControlController } from './control/world-control.controller.js';
import { PLAYED } from './played-providers.module.js';

const controllers = PLAYED.flatMap((played) => played.controllers);

/** Control API and payer page; the providers have servers of their own. */
@Module({ controllers: [...controllers, WorldControlController] })
export class SandboxModule {
  /** @param providers what the controllers take, built by `startSandbox`. */
  static with(providers: readonly Provider[]): DynamicModule {
    return { module: SandboxModule, providers: [...providers] };
  }
}
