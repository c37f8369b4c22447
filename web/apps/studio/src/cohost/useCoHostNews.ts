import { CoHostEvent, useCoHostState, type CoHostEventPayloads, type SeatUserInfo } from '@dais/vue';
import { watch } from 'vue';
import { textOfCode } from '../session/errorText';
import { eventsOf } from '../session/eventsOf';
import type { Tell } from '../ui/toasts/useNews';
import { hostsJoinedText, hostsLeftText } from './coHostTexts';

const namesOf = (hosts: readonly SeatUserInfo[]): string[] => hosts.map(({ userName }) => userName);

/** Tells everybody in a live with whose it is connected, and who is gone. */
export function useConnectionNews(remoteHosts: () => readonly SeatUserInfo[], tell: Tell): void {
  const has = (hosts: readonly SeatUserInfo[], host: SeatUserInfo): boolean =>
    hosts.some(({ liveId }) => liveId === host.liveId);

  watch(remoteHosts, (now, before) => {
    const joined = now.filter((host) => !has(before, host));
    const left = before.filter((host) => !has(now, host));
    if (joined.length > 0) {
      tell(hostsJoinedText(namesOf(joined)), 'hosts', () => joined.every((host) => has(remoteHosts(), host)));
    }
    if (left.length > 0) {
      const alone = now.length === 0;
      const stillTrue = (): boolean => !left.some((host) => has(remoteHosts(), host));
      tell(hostsLeftText(namesOf(left), alone), 'hosts', stillTrue);
    }
  });
}

/**
 * Tells a host what became of requests to and from other hosts; `covered` while the card of a new one lies behind
 * something.
 */
export function useHostRequestNews(ownId: string, tell: Tell, covered: () => boolean): void {
  const hosts = useCoHostState();
  const on = eventsOf<CoHostEventPayloads>(hosts);
  const has = (list: readonly { liveId: string }[], liveId: string): boolean =>
    list.some((each) => each.liveId === liveId);
  /** Nothing has begun anew between the two: what became of the request is still the last word. */
  const stands = ({ liveId }: SeatUserInfo) => (): boolean =>
    !has(hosts.connected.value, liveId) && !has(hosts.invitees.value, liveId) && !has(hosts.applicants.value, liveId);

  on(CoHostEvent.onCoHostRequestReceived, ({ inviter }) => {
    const isHidden = (): boolean => covered() && has(hosts.applicants.value, inviter.liveId);
    tell(`${inviter.userName} wants to connect with you.`, 'hosts', isHidden);
  });
  on(CoHostEvent.onCoHostRequestRejected, ({ invitee, code }) =>
    code === undefined || code === 0
      ? tell(`${invitee.userName} would rather not right now.`, 'hosts', stands(invitee))
      : tell(textOfCode(code), 'warning'),
  );
  on(CoHostEvent.onCoHostRequestCancelled, ({ inviter }) =>
    tell(`${inviter.userName} took the request back.`, 'hosts', stands(inviter)),
  );
  on(CoHostEvent.onCoHostRequestTimeout, ({ inviter, invitee }) =>
    inviter.liveId === ownId
      ? tell(`${invitee.userName} did not answer in time.`, 'hosts', stands(invitee))
      : tell(`The request of ${inviter.userName} has run out.`, 'hosts', stands(inviter)),
  );
}
