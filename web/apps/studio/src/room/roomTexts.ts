import type { RoomCloseReason, RoomEvents, SeatLeaver } from '@dais/client';
import { textOfCode } from '../session/errorText';

type ApplicationEnd = Pick<RoomEvents['seat.applicationEnded'], 'outcome' | 'code'>;

/** What an applicant is told when the request is over; null where there is nothing to say. */
export function applicationEndText({ outcome, code }: ApplicationEnd, hostName: string): string | null {
  switch (outcome) {
    case 'accepted':
    case 'alreadySeated':
      return 'You are on stage now.';
    case 'rejected':
      return `${hostName} could not take you on stage this time.`;
    case 'timedOut':
      return `${hostName} did not answer in time. You can ask again.`;
    case 'failed':
      return textOfCode(code);
    case 'cancelled':
    case 'roomEnded':
      return null;
  }
}

/** What someone is told who left the stage; null when it was their own doing. */
export function ownSeatLeftText({ reason, by }: Pick<SeatLeaver, 'reason' | 'by'>): string | null {
  switch (reason) {
    case 'kicked':
      return by === null ? 'You were taken off the stage.' : `${by.userName} took you off the stage.`;
    case 'timedOut':
      return 'You were away too long and left the stage.';
    case 'replaced':
      return 'Someone else took your place on stage.';
    case 'left':
    case 'roomLeft':
      return null;
  }
}

/** What the host is told when a guest left the stage by themselves. */
export function guestLeftText({ user, reason }: Pick<SeatLeaver, 'user' | 'reason'>): string | null {
  switch (reason) {
    case 'left':
    case 'roomLeft':
      return `${user.userName} left the stage.`;
    case 'timedOut':
      return `${user.userName} lost the connection and left the stage.`;
    case 'kicked':
    case 'replaced':
      return null;
  }
}

/** Heading and sentence of the screen after the end. */
export function closedText(reason: RoomCloseReason, isHost: boolean): { title: string; text: string } {
  switch (reason) {
    case 'host':
      return isHost
        ? { title: 'Your live has ended', text: 'Nice one. Everyone has been told.' }
        : { title: 'The live has ended', text: 'Thanks for being there.' };
    case 'hostTimeout':
      return isHost
        ? { title: 'Your live has ended', text: 'You were away for too long. You can go live again any time.' }
        : { title: 'The live has ended', text: 'The host lost the connection and did not come back.' };
    case 'server':
      return { title: 'The live has ended', text: 'It was ended by the people who run this server.' };
    case 'gone':
      return { title: 'The live has ended', text: 'It was over by the time you were back.' };
    case 'kicked':
      return { title: 'You are no longer in this live', text: 'Someone who runs it has removed you.' };
    case 'connectionClosed':
      return { title: 'You have been disconnected', text: 'This live may be open in another tab or window.' };
    case 'left':
      return { title: 'You have left', text: 'See you next time.' };
  }
}
