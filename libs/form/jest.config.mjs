import { projectAt } from '../../jest.preset.mjs';

export default projectAt(import.meta.dirname);
