import { Construct } from 'constructs';
import {
  hasNoDependents,
  isDeletedInBackground,
  isKept,
  leftoversOf,
  podsAfter,
  setBackgroundDeletion,
  setKept,
  setLeftovers,
  setNoDependents,
} from '../../lib/core';
import { configMap, newChart } from './fixtures';

test('an object is deleted with its parts, unless it says otherwise', () => {
  const chart = newChart();
  const [plain, owner] = [configMap(chart, 'plain'), configMap(chart, 'owner')];
  setBackgroundDeletion(owner);
  expect([plain, owner].map(isDeletedInBackground)).toEqual([false, true]);
});

test('nothing belongs to an object that says so', () => {
  const chart = newChart();
  const [plain, alone] = [configMap(chart, 'plain'), configMap(chart, 'alone')];
  setNoDependents(alone);
  expect([plain, alone].map(hasNoDependents)).toEqual([false, true]);
});

test('pods that outlive the deletion of an object', () => {
  const chart = newChart();
  const [plain, silent, owner] = ['plain', 'silent', 'owner'].map((name) => configMap(chart, name));
  const pods = { namespace: 'n', labels: { app: 'x' } };
  setBackgroundDeletion(silent as never);
  setBackgroundDeletion(owner as never, pods);
  expect([plain, silent, owner].map((object) => podsAfter(object as never))).toEqual([[], [], [pods]]);
  expect(isDeletedInBackground(owner as never)).toBe(true);
});

test('what is below a construct that stays, stays too', () => {
  const chart = newChart();
  const kept = new Construct(chart, 'kept');
  const [inside, beside] = [configMap(kept as never, 'inside'), configMap(chart, 'beside')];
  setKept(kept);
  expect([inside, beside].map(isKept)).toEqual([true, false]);
});

test('what stays when an object is gone', () => {
  const chart = newChart();
  const [plain, owner] = [configMap(chart, 'plain'), configMap(chart, 'owner')];
  const claim = { kind: 'pvc', namespace: 'n', name: 'data' };
  setLeftovers(owner, claim);
  expect([plain, owner].map(leftoversOf)).toEqual([[], [claim]]);
});
