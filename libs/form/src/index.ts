export { formOf, formText, type Form } from './form.js';
