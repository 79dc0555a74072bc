export { answersProblems, type Codes } from './answers-problems.js';
export { ForOperators } from './for-operators.js';
export { describedApp, documentOf, type About } from './interface-document.js';
export { ProblemView } from './problem-view.js';
