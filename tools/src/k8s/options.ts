import { answerTo, readOptions, type Answer } from '../command-line.js';

const USAGE = `npm run k8s [-- options]

Writes what is generated under k8s/: Kafka's topics and users from the catalogue, copies of what the
services ship with, and k8s/rendered, which kustomize (or kubectl) makes of every overlay.

  --check   writes nothing; says which files are out of date, and ends with 1 if any is
  --help    this text`;

/** @throws UsageError naming an option that is not known. */
export const k8sOptions = (args: readonly string[]) =>
  readOptions('k8s', args, {
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });

/** Help, or what is wrong with the options; nothing if the command can be run with them. */
export const answerAtOnce = (args: readonly string[]): Answer | undefined =>
  answerTo(USAGE, () => k8sOptions(args));
