import { expect, it } from 'vitest';
import { markedText, readMarker } from './marker.ts';

it('finds the number of a text inside a frame', () => {
  expect(readMarker(`3:::{"groupId":"19:x@thread.v2","body":"${markedText(1234)}"}`)).toBe(1234);
});

it('finds none in a frame without a marked text', () => {
  expect(readMarker('5:::{"name":"trouter.connected"}')).toBeUndefined();
});

it('makes texts of one length that JSON and XML carry as they are', () => {
  const text = markedText(9_999_999);
  expect(text).toHaveLength(markedText(0).length);
  expect(text).toMatch(/^[a-z0-9@ ]+$/);
});
