import { describeGateway, type ProviderWays } from '@hutong/gateway/conformance';
import { startRecordedStage } from './recorded-stage.examples.js';
import { startSandboxStage } from './sandbox-stage.examples.js';

/** A refund's answer says that it is done; what it tells of refunds is a reason to ask. */
const WAYS: Partial<ProviderWays> = { refunding: 'answered', codes: 'taken' };

describeGateway('recorded payloads', startRecordedStage, WAYS);
describeGateway('the sandbox', startSandboxStage, WAYS);
