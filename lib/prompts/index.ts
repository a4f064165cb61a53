/** What differs between two prompts, in words, and what a vocabulary makes of them. */
export { countMarks, withoutMarks, withVisibleMarks } from './direction-marks';
export { editDistance } from './edit-distance';
export { describeDiff, diffPrompts, type NamedEdit, type PromptDiff, type PromptSegment } from './prompt-diff';
export { type PromptNote, promptNotes } from './prompt-limits';
export { alikeRemark, type Reading } from './alike-remark';
export { signs } from './quotations';
export { parseVocabulary, type Vocabulary } from './vocabulary';
