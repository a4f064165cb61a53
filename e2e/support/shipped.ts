import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCatalogue, parseManifest } from '@/lib/models';
import { parseVocabulary } from '@/lib/prompts';

/** What the model that draws knows, from its own files: no test depends on what only one model can draw. */
const models = join(process.cwd(), 'public', 'models');
export const catalogue = parseCatalogue(readFileSync(join(models, 'index.json'), 'utf8'));
const manifest = parseManifest(readFileSync(join(models, catalogue.default, 'manifest.json')));
const vocabulary = parseVocabulary(readFileSync(join(models, catalogue.default, manifest.files.vocabulary.path)));

const [thing, other] = vocabulary.objects.filter(({ takesColour }) => takesColour);
const [animal, second] = vocabulary.objects.filter(({ takesColour }) => !takesColour);
const [red, blue, green] = vocabulary.colours;
if (!thing || !other || !animal || !second || red === undefined || blue === undefined || green === undefined) {
  throw new Error('The vocabulary of the model that draws has too few words to test with.');
}

/** A thing of any colour, its name with a letter left out, and pairs of prompts that differ in one word. */
export const words = {
  thing: thing.name,
  misspelt: thing.name.slice(0, 1) + thing.name.slice(2),
  inRed: `a ${red} ${thing.name}`,
  inRedMisspelt: `a ${red} ${thing.name.slice(0, 1)}${thing.name.slice(2)}`,
  inBlue: `a ${blue} ${thing.name}`,
  inGreen: `a ${green} ${thing.name}`,
  otherInRed: `a ${red} ${other.name}`,
  redAndBlue: `a ${red} ${thing.name} and a ${blue} ${other.name}`,
  blueAndRed: `a ${blue} ${thing.name} and a ${red} ${other.name}`,
  two: `two ${animal.plural}`,
  three: `three ${animal.plural}`,
  threeOthers: `three ${second.plural}`,
  twoOthers: `two ${second.plural}`,
  twoBlue: `two ${blue} ${other.plural}`,
  tooMany: `${vocabulary.limits.maxCount + 1} ${animal.plural}`,
  plural: animal.plural,
} as const;

export const files = manifest.files;
