import { describe, expect, test } from 'vitest';
import { fileUrl, JANUS_PRO_1B, readFolderUrl, readHubReference } from './origin';

describe('a hub’s repository, as typed', () => {
  test.each([
    ['onnx-community/Janus-Pro-1B-ONNX', { id: JANUS_PRO_1B.id, revision: null }],
    ['  a/b@v1.0 ', { id: 'a/b', revision: 'v1.0' }],
    [`a/b@${JANUS_PRO_1B.revision}`, { id: 'a/b', revision: JANUS_PRO_1B.revision }],
    ['https://huggingface.co/a/b', { id: 'a/b', revision: null }],
    ['https://huggingface.co/a/b/tree/main/onnx', { id: 'a/b', revision: 'main' }],
    ['https://huggingface.co/a/b/?library=x#files', { id: 'a/b', revision: null }],
  ])('%s', (text, reference) => {
    expect(readHubReference(text)).toEqual(reference);
  });

  test.each(['', 'a', 'a/b/c', '../b', 'a/..', 'a/b@', 'a/b@../x', 'https://elsewhere.example/a/b', 'a b/c'])(
    '%j is none',
    (text) => {
      expect(readHubReference(text)).toBeNull();
    },
  );
});

test('addresses of files keep their folders and hide nothing in their names', () => {
  expect(fileUrl({ kind: 'hub', endpoint: 'https://h', id: 'a/b', revision: 'refs/pr/1' }, 'onnx/x y.onnx')).toBe(
    'https://h/a/b/resolve/refs%2Fpr%2F1/onnx/x%20y.onnx',
  );
  expect(fileUrl({ kind: 'url', url: 'https://h/models/m/' }, 'onnx/x.onnx')).toBe('https://h/models/m/onnx/x.onnx');
});

test('an address of a folder', () => {
  expect(readFolderUrl(' https://h/m ')).toBe('https://h/m/');
  expect(readFolderUrl('https://h/m/manifest.json?x#y')).toBe('https://h/m/');
  for (const text of ['', 'm', 'ftp://h/m', 'javascript:1']) expect(readFolderUrl(text)).toBeNull();
});
