import { describeGateway } from '@hutong/gateway/conformance';
import { startRecordedStage } from './recorded-stage.examples.js';
import { startSandboxStage } from './sandbox-stage.examples.js';

describeGateway('recorded payloads', startRecordedStage);
describeGateway('the sandbox', startSandboxStage);
