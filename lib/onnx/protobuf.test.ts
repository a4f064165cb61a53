import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EndsEarly, type Field, fieldsOf, floatOf, lastOf, MessageWriter, numbersOf, textOf } from './protobuf';

type Written =
  | { readonly kind: 'varint'; readonly number: number; readonly value: number }
  | { readonly kind: 'float'; readonly number: number; readonly value: number }
  | { readonly kind: 'text'; readonly number: number; readonly value: string }
  | { readonly kind: 'bytes'; readonly number: number; readonly value: Uint8Array };

const number = fc.integer({ min: 1, max: 2 ** 29 - 1 });
const written: fc.Arbitrary<Written> = fc.oneof(
  fc.record({
    kind: fc.constant('varint' as const),
    number,
    // Negative numbers beyond 53 bits are none that JavaScript holds.
    value: fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.nat(300)),
  }),
  fc.record({ kind: fc.constant('float' as const), number, value: fc.float({ noNaN: true }) }),
  fc.record({ kind: fc.constant('text' as const), number, value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ kind: fc.constant('bytes' as const), number, value: fc.uint8Array({ maxLength: 300 }) }),
);

function write(fields: readonly Written[]): Uint8Array {
  const out = new MessageWriter();
  for (const field of fields) {
    if (field.kind === 'varint') out.varint(field.number, field.value);
    if (field.kind === 'float') out.float(field.number, field.value);
    if (field.kind === 'text') out.text(field.number, field.value);
    if (field.kind === 'bytes') out.bytes(field.number, field.value);
  }
  return out.done();
}

function readBack(field: Field, { kind, number, value }: Written): void {
  expect(field.number).toBe(number);
  if (kind === 'varint') expect(field.value).toBe(value);
  if (kind === 'float') expect(floatOf(field)).toBe(value);
  if (kind === 'text') expect(textOf(field.bytes)).toBe(value);
  if (kind === 'bytes') expect(field.bytes).toEqual(value);
}

describe('a message', () => {
  test('is read back as it was written, and put together again from its fields', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 20 }), (fields) => {
        const message = write(fields);
        const read = [...fieldsOf(message)];
        expect(read).toHaveLength(fields.length);
        read.forEach((field, i) => {
          readBack(field, fields[i]!);
        });
        const again = new MessageWriter();
        for (const { raw } of read) again.raw(raw);
        expect(again.done()).toEqual(message);
      }),
    );
  });

  test('that is cut anywhere but between fields is said to end early', () => {
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 8 }), fc.nat(), (fields, at) => {
        const message = write(fields);
        const cut = message.subarray(0, at % message.length);
        const ends = new Set([0]);
        for (const { raw } of fieldsOf(message)) ends.add(Math.max(...ends) + raw.length);
        if (ends.has(cut.length)) expect([...fieldsOf(cut)].length).toBeLessThan(fields.length);
        else expect(() => [...fieldsOf(cut)]).toThrow(EndsEarly);
      }),
    );
  });

  test('of any bytes has at most as many fields as half its bytes, or throws RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        let count = 0;
        try {
          for (const { raw } of fieldsOf(bytes)) {
            expect(raw.length).toBeGreaterThan(1);
            count++;
          }
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
        expect(2 * count).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('cannot send its reader back with a negative length', () => {
    const back = Uint8Array.of(0x0a, 0xf5, ...Array<number>(8).fill(0xff), 0x01, 0, 0, 0);
    expect(() => [...fieldsOf(back)]).toThrow('a length is negative');
  });

  test('says the last field of a number, which is the one that counts', () => {
    const message = new MessageWriter().text(1, 'first').text(2, 'other').text(1, 'last').done();
    expect(textOf(lastOf(message, 1))).toBe('last');
    expect(lastOf(message, 3)).toHaveLength(0);
  });

  test('holds repeated numbers one by one or packed', () => {
    const packed = Uint8Array.of(0x0a, 3, 0xac, 0x02, 0x07);
    expect([...fieldsOf(packed)].flatMap(numbersOf)).toEqual([300, 7]);
  });
});

test('negative numbers and cut messages are read as what they are', () => {
  const minusOne = Uint8Array.of(0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
  expect([...fieldsOf(minusOne)].flatMap(numbersOf)).toEqual([-1]);
  expect(() => [...fieldsOf(minusOne.subarray(0, 5))]).toThrow(RangeError);
  expect(() => [...fieldsOf(Uint8Array.of(0x0a, 5, 1))]).toThrow(RangeError);
});
