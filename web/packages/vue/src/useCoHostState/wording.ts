import { remoteHosts } from '@dais/client';
import type { DepartedHost, HostRequest, RoomEvents, RoomHost, RoomState } from '@dais/client';
import { hostInfoOf, type HostContext } from '../people/people';
import type { CoHostEventPayloads } from './events';

/** An event of the facade with what it brings along. */
export type Told = {
  [E in keyof CoHostEventPayloads]: readonly [event: E, payload: CoHostEventPayloads[E]];
}[keyof CoHostEventPayloads];

type Ended = RoomEvents['coHost.requestEnded'];

/** Whether the request is this live's own, and not another one's to it. */
export function isOwn({ from }: HostRequest, { roomId }: Pick<HostContext, 'roomId'>): boolean {
  return from.roomId === roomId;
}

/** What a host is told of a new request. Pure, like everything here. */
export function toldOfRequest({ request }: RoomEvents['coHost.requested'], context: HostContext): Told | null {
  return isOwn(request, context)
    ? null
    : [
        'onCoHostRequestReceived',
        { inviter: hostInfoOf(request.from, context), extensionInfo: request.extraInfo },
      ];
}

/** What a host is told of the end of a request. */
export function toldOfRequestEnd(ended: Ended, context: HostContext): Told | null {
  return isOwn(ended.request, context) ? toldInviter(ended, context) : toldInvitee(ended, context);
}

function toldInviter({ request, outcome, code }: Ended, context: HostContext): Told | null {
  const invitee = hostInfoOf(request.to, context);
  switch (outcome) {
    case 'accepted':
    case 'alreadySeated':
      // Connected another way, they have what was asked for.
      return ['onCoHostRequestAccepted', { invitee }];
    case 'rejected':
      return ['onCoHostRequestRejected', { invitee }];
    case 'failed':
      return ['onCoHostRequestRejected', { invitee, code }];
    case 'timedOut':
      return ['onCoHostRequestTimeout', bothOf(request, context)];
    case 'roomEnded':
      return ['onCoHostRequestCancelled', bothOf(request, context)];
    case 'cancelled':
      return null;
  }
}

function toldInvitee({ request, outcome }: Ended, context: HostContext): Told | null {
  switch (outcome) {
    case 'cancelled':
    case 'roomEnded':
      return ['onCoHostRequestCancelled', bothOf(request, context)];
    case 'timedOut':
      return ['onCoHostRequestTimeout', bothOf(request, context)];
    case 'accepted':
    case 'rejected':
    case 'failed':
    case 'alreadySeated':
      return null;
  }
}

/** What a host is told who asked somebody that had asked them: their own request was accepted at once. */
export function toldOfCrossing({ request }: Ended, context: HostContext): Told {
  return ['onCoHostRequestAccepted', { invitee: hostInfoOf(request.from, context) }];
}

/** What is told of lives that have joined the connection and are in it still. */
export function toldOfJoiners(joined: readonly RoomHost[], state: RoomState): Told[] {
  const there = new Set(remoteHosts(state).map(({ roomId }) => roomId));
  return joined
    .filter(({ roomId }) => there.has(roomId))
    .map((host) => ['onCoHostUserJoined', { userInfo: hostInfoOf(host, state) }]);
}

/** What is told of other lives that have left the connection. */
export function toldOfLeavers(left: readonly DepartedHost[], context: HostContext): Told[] {
  // They may be on the stage that is known still, with devices that are of no use any more.
  const without = { ...context, stage: [] };
  return left
    .filter(({ roomId }) => roomId !== context.roomId)
    .map((host) => ['onCoHostUserLeft', { userInfo: hostInfoOf(host, without) }]);
}

function bothOf({ from, to }: HostRequest, context: HostContext): CoHostEventPayloads['onCoHostRequestTimeout'] {
  return { inviter: hostInfoOf(from, context), invitee: hostInfoOf(to, context) };
}
