/** Draws tokens and decodes pictures. */
export { FULL_PLAN } from './decode/lanes';
export { provenanceOf } from './decode/provenance';
export { type CapabilityReport, probeCapabilities } from './fit/capabilities';
export { kvMemory } from './fit/kv-memory';
export { type Device, janusNeedsOf, type Needs, needsOf, type Objection, objectionsTo } from './fit/needs';
export type { ProbeMemory } from './fit/probe';
export { createHolder } from './holder';
export type { DrawRequest, Engine, EngineInfo, LoadProgress, TokenReader } from './interface/engine';
export { rerun, type RerunReport } from './rerun';
export { createEngine, createPictureReader, createPixelDecoder } from './workers/create';
export type { EngineNotice } from './workers/notice';
export { RemoteEngine } from './workers/remote-engine';
