import { ModelError } from '@/lib/domain';
import * as z from '@/lib/schema';

const count = z
  .number()
  .int()
  .positive()
  .max(2 ** 31);

/** What equals Llama's defaults is left out of the original configurations. */
const languageSchema = z.object({
  hidden_size: count.default(4096),
  num_hidden_layers: count.default(32),
  num_attention_heads: count.default(32),
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  max_position_embeddings: count.default(16384),
});

/** The original layout of Janus's configuration, as the hub's ONNX folders have it. */
const originalSchema = z.object({
  model_type: z.literal('multi_modality'),
  language_config: languageSchema,
  gen_vision_config: z.object({ params: z.object({ image_token_size: count }) }),
});

/** Hugging Face's own layout. */
const convertedSchema = z.object({
  model_type: z.literal('janus'),
  text_config: languageSchema,
  vq_config: z.object({ num_embeddings: count.default(16384) }),
});

/** What `config.json` tells before any graph is there. */
export interface HubConfig {
  readonly layers: number;
  /** Heads of keys and values. */
  readonly heads: number;
  readonly headSize: number;
  readonly hiddenSize: number;
  /** Positions of prompt and image together that the model was made for. */
  readonly positions: number;
  /** Image codes. */
  readonly codes: number;
}

/** JSON of one of a folder's files; throws `model-damaged`. */
export function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new ModelError('model-damaged', { file, detail: 'it is not JSON' }, { cause });
  }
}

/** Reads `config.json`. Throws `model-architecture` for other models than Janus and `model-damaged` where a number is missing. */
export function parseHubConfig(bytes: Uint8Array): HubConfig {
  const file = 'config.json';
  const json = parseJson(bytes, file);
  const type = z.object({ model_type: z.string().max(100) }).safeParse(json);
  const kind = type.success ? type.data.model_type : '';
  if (kind !== 'multi_modality' && kind !== 'janus') throw new ModelError('model-architecture', { file, detail: kind });
  const result = (kind === 'janus' ? convertedSchema : originalSchema).safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new ModelError('model-damaged', {
      file,
      detail: issue ? `${issue.path.join('.')}: ${issue.message}` : 'unexpected content',
    });
  }
  const language = 'text_config' in result.data ? result.data.text_config : result.data.language_config;
  const codes =
    'vq_config' in result.data
      ? result.data.vq_config.num_embeddings
      : result.data.gen_vision_config.params.image_token_size;
  return {
    layers: language.num_hidden_layers,
    heads: language.num_key_value_heads ?? language.num_attention_heads,
    headSize: language.head_dim ?? language.hidden_size / language.num_attention_heads,
    hiddenSize: language.hidden_size,
    positions: language.max_position_embeddings,
    codes,
  };
}

/** `num_image_tokens` of `processor_config.json`, if it says so. */
export function imageTokens(bytes: Uint8Array): number | null {
  const result = z.object({ num_image_tokens: count }).safeParse(parseJson(bytes, 'processor_config.json'));
  return result.success ? result.data.num_image_tokens : null;
}
