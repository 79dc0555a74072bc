import { describeGateway, type ProviderWays } from '@hutong/gateway/conformance';
import { startRecordedStage } from './recorded-stage.examples.js';
import { startSandboxStage } from './sandbox-stage.examples.js';

/** Nothing closes orders, a lost tn or code is lost, and of what came too late nobody tells. */
const WAYS: Partial<ProviderWays> = {
  closing: 'watched',
  resending: 'tells_nothing',
  codes: 'taken',
  late: 'found',
};

describeGateway('recorded payloads', startRecordedStage, WAYS);
describeGateway('the sandbox', startSandboxStage, WAYS);
