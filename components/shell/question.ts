/** What the page is for, in one line. */
export const QUESTION = 'Which token tells two almost equal prompts apart?';
