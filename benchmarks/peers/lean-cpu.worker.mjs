import * as ort from 'onnxruntime-web/wasm';
import { serveLean } from './lean-worker.mjs';

serveLean(ort);
