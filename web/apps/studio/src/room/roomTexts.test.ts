import { LiveError } from '@dais/client';
import { describe, expect, it } from 'vitest';
import { isRoomGone, textOfCode, textOfError } from '../session/errorText';
import { applicationEndText, closedText, guestLeftText, ownSeatLeftText } from './roomTexts';

const ada = { userId: 'ada', userName: 'Ada', avatarUrl: '' };

describe('sentences', () => {
  it('tell an applicant what became of the request', () => {
    expect(applicationEndText({ outcome: 'rejected', code: 0 }, 'Ada')).toContain('Ada could not take you');
    expect(applicationEndText({ outcome: 'timedOut', code: 0 }, 'Ada')).toContain('did not answer');
    expect(applicationEndText({ outcome: 'failed', code: 100205 }, 'Ada')).toBe('The stage is full right now.');
  });

  it('say nothing of what someone did themselves', () => {
    expect(applicationEndText({ outcome: 'cancelled', code: 0 }, 'Ada')).toBeNull();
    expect(ownSeatLeftText({ reason: 'left', by: null })).toBeNull();
    expect(guestLeftText({ user: ada, reason: 'kicked' })).toBeNull();
  });

  it('name who took someone off the stage', () => {
    expect(ownSeatLeftText({ reason: 'kicked', by: ada })).toBe('Ada took you off the stage.');
    expect(guestLeftText({ user: ada, reason: 'timedOut' })).toContain('lost the connection');
  });

  it('differ for host and audience at the end', () => {
    expect(closedText('host', true).title).toBe('Your live has ended');
    expect(closedText('host', false).title).toBe('The live has ended');
  });

  it('exist for unknown errors too', () => {
    expect(textOfCode(424242)).toContain('Something went wrong');
    expect(textOfError(new Error('x'))).toContain('Something went wrong');
    const gone = new LiveError({ code: 100004, name: 'roomNotFound', message: 'x' });
    expect(isRoomGone(gone)).toBe(true);
    expect(textOfError(gone)).not.toContain('x ');
  });
});
