import { manifests } from './manifests-command.js';

process.exitCode = manifests(process.argv.slice(2));
