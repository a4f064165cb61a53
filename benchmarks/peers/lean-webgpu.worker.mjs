import './count-calls.mjs';
import * as ort from 'onnxruntime-web/webgpu';
import { serveLean } from './lean-worker.mjs';

serveLean(ort);
