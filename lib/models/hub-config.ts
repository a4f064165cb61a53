import { ModelError } from '@/lib/domain';
import * as z from '@/lib/schema';
import { parseModelJson } from './model-json';

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

/** Of which kind of model; empty where it does not say. */
const kindSchema = z.object({ model_type: z.string().max(100).catch('') }).catch({ model_type: '' });

const processorSchema = z.object({ num_image_tokens: count.nullable().catch(null) }).catch({ num_image_tokens: null });

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

/** Reads `config.json`. Throws `model-architecture` for other models than Janus and `model-damaged` where a number is missing. */
export function parseHubConfig(bytes: Uint8Array): HubConfig {
  const file = 'config.json';
  const { model_type: kind } = parseModelJson(bytes, file, kindSchema);
  if (kind !== 'multi_modality' && kind !== 'janus') throw new ModelError('model-architecture', { file, detail: kind });
  const config = parseModelJson(bytes, file, kind === 'janus' ? convertedSchema : originalSchema);
  const language = 'text_config' in config ? config.text_config : config.language_config;
  const codes =
    'vq_config' in config ? config.vq_config.num_embeddings : config.gen_vision_config.params.image_token_size;
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
  return parseModelJson(bytes, 'processor_config.json', processorSchema).num_image_tokens;
}
