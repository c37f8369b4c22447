/** Why a host could not be asked, for each result of a request to connect; null when they were. */
export function refusalText(result: number | undefined, hostName: string): string | null {
  switch (result) {
    case 0:
      return null;
    case 1:
      return `${hostName} is not live.`;
    case 2:
      return `You and ${hostName} are connecting already.`;
    case 3:
      return `${hostName} is live together with others, and so are you.`;
    case 4:
      return 'That would be too many: nine lives can be connected.';
    case 5:
      return `${hostName} is being asked by many right now. Try again in a moment.`;
    case -1:
      return 'That is your own live.';
    default:
      return `${hostName} could not be asked. Please try again.`;
  }
}

/** Names as a person would list them: Ada, Ben and 2 others. */
export function listNames(names: readonly string[]): string {
  const [first = '', second = '', ...others] = names;
  if (names.length <= 1) {
    return first;
  }
  if (others.length === 0) {
    return `${first} and ${second}`;
  }
  return others.length === 1
    ? `${first}, ${second} and ${others[0]}`
    : `${first}, ${second} and ${others.length} others`;
}

/** What the button says that asks hosts. */
export function askLabel(names: readonly string[]): string {
  return names.length > 1 ? `Ask ${names.length} hosts` : names.length === 1 ? `Ask ${names[0]}` : 'Choose a host';
}

/** What is said when lives are connected, in all of them. */
export function hostsJoinedText(names: readonly string[]): string {
  return `Live together with ${listNames(names)}.`;
}

/** What is said when hosts have left the connection; `alone` when nobody else is left in it. */
export function hostsLeftText(names: readonly string[], alone: boolean): string {
  return alone ? `No longer live together with ${listNames(names)}.` : `${listNames(names)} left the connection.`;
}

/** What the switch of another host's sound does. */
export function muteLabel(hostName: string, isMuted: boolean): string {
  return isMuted ? `Let your live hear ${hostName} again` : `Mute ${hostName} in your live`;
}
