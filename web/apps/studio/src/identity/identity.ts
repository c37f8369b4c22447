/** Who sits at this tab. */
export interface Identity {
  readonly userId: string;
  readonly userName: string;
}

/** Where an identity is kept; the browser's storages fit. */
export interface IdentityStorage {
  /** Lives as long as the tab, so that two tabs are two people. */
  readonly tab: Pick<Storage, 'getItem' | 'setItem'>;
  /** Lives on, so that a name is typed once. */
  readonly device: Pick<Storage, 'getItem' | 'setItem'>;
}

const userIdKey = 'dais.userId';
const userNameKey = 'dais.userName';
const userNameLengthMax = 40;

/** The name as it may be shown and sent: one line, not too long, never empty. */
export function tidyName(name: string): string {
  return name.replace(/\s+/gu, ' ').trim().slice(0, userNameLengthMax).trim();
}

/** A name for someone who has not given one, the same for the same id. */
export function guestName(userId: string): string {
  return `Guest ${userId.slice(-4).toUpperCase()}`;
}

/** Reads who sits at this tab; `?userId=` and `?name=` in the address win over what is kept. */
export function readIdentity(search: string, storage: IdentityStorage, createId: () => string): Identity {
  const query = new URLSearchParams(search);
  const userId = query.get('userId') ?? storage.tab.getItem(userIdKey) ?? `u-${createId()}`;
  storage.tab.setItem(userIdKey, userId);

  const asked = tidyName(query.get('name') ?? '');
  if (asked !== '') {
    // A name from the address belongs to this tab alone: several people may be opened side by side.
    storage.tab.setItem(userNameKey, asked);
  }
  const kept = storage.tab.getItem(userNameKey) ?? storage.device.getItem(userNameKey) ?? '';
  return { userId, userName: tidyName(kept) || guestName(userId) };
}

/** Keeps a new name and returns who sits at this tab now; an empty name changes nothing. */
export function rename(identity: Identity, name: string, storage: IdentityStorage): Identity {
  const userName = tidyName(name);
  if (userName === '') {
    return identity;
  }
  storage.tab.setItem(userNameKey, userName);
  storage.device.setItem(userNameKey, userName);
  return { ...identity, userName };
}
