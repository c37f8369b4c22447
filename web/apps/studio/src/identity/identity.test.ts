import { beforeEach, describe, expect, it } from 'vitest';
import { readIdentity, rename, tidyName, type IdentityStorage } from './identity';

const createId = () => '0123abcd';

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

describe('identity', () => {
  let storage: IdentityStorage;

  beforeEach(() => {
    storage = { tab: memory(), device: memory() };
  });

  it('gives a new tab a random id and a readable name', () => {
    expect(readIdentity('', storage, createId)).toEqual({ userId: 'u-0123abcd', userName: 'Guest ABCD' });
  });

  it('stays the same person when the tab is reloaded', () => {
    const before = readIdentity('', storage, createId);
    expect(readIdentity('', storage, () => 'other')).toEqual(before);
  });

  it('makes two tabs two people who share the kept name', () => {
    rename(readIdentity('', storage, createId), 'Mia', storage);
    const second = readIdentity('', { tab: memory(), device: storage.device }, () => '9999ffff');
    expect(second).toEqual({ userId: 'u-9999ffff', userName: 'Mia' });
  });

  it('lets the address name the person of this tab only', () => {
    expect(readIdentity('?userId=host&name=Ada%20L', storage, createId)).toEqual({ userId: 'host', userName: 'Ada L' });
    expect(storage.device.getItem('dais.userName')).toBeNull();
  });

  it('ignores an empty new name', () => {
    const identity = readIdentity('', storage, createId);
    expect(rename(identity, '   ', storage)).toBe(identity);
  });

  it('keeps names on one line and short', () => {
    expect(tidyName('  Ada\n  Lovelace ')).toBe('Ada Lovelace');
    expect(tidyName('x'.repeat(200))).toHaveLength(40);
  });
});
