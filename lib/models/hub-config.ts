import { ModelError } from '@/lib/domain';
import * as z from '@/lib/schema';
import { parseModelJson } from './model-json';

const count = z.number().check(z.int(), z.positive(), z.lte(2 ** 31));

/** What equals Llama's defaults is left out of the original configurations. */
const languageSchema = z.object({
  hidden_size: z._default(count, 4096),
  num_hidden_layers: z._default(count, 32),
  num_attention_heads: z._default(count, 32),
  num_key_value_heads: z.nullish(count),
  head_dim: z.nullish(count),
  max_position_embeddings: z._default(count, 16384),
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
  vq_config: z.object({ num_embeddings: z._default(count, 16384) }),
});

/** Of which kind of model; empty where it does not say. */
const kindSchema = z.catch(z.object({ model_type: z.catch(z.string().check(z.maxLength(100)), '') }), {
  model_type: '',
});

const processorSchema = z.catch(z.object({ num_image_tokens: z.catch(z.nullable(count), null) }), {
  num_image_tokens: null,
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
