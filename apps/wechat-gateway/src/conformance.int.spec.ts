import { describeGateway } from '@hutong/gateway/conformance';
import { startSandboxStage } from './sandbox-stage.examples.js';

describeGateway('the sandbox', startSandboxStage);
