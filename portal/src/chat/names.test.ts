import { expect, it } from 'vitest';
import { listNames, nameOf } from './names.ts';

const participants = [
  { id: '8:acs:resource_ann', displayName: 'Ann', connected: true },
  { id: '8:acs:resource_00000001', displayName: '', connected: false },
];

it('calls users by their display name, else by the end of their id', () => {
  expect(nameOf(participants, '8:acs:resource_ann')).toBe('Ann');
  expect(nameOf(participants, '8:acs:resource_00000001')).toBe('…00000001');
  expect(nameOf(participants, '8:acs:resource_elsewhere')).toBe('…lsewhere');
});

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b', 'c'], 'a, b, and c'],
  [['a', 'b', 'c', 'd'], 'a, b, c, and 1 other'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b, c, and 2 others'],
])('lists %j as %j', (names, text) => {
  expect(listNames(names)).toBe(text);
});
