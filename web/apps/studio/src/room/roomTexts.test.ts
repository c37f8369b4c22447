import { LiveError } from '@dais/vue';
import { describe, expect, it } from 'vitest';
import { isRoomGone, textOfCode, textOfError } from '../session/errorText';
import { applicationEndText, closedText, guestLeftText } from './roomTexts';

describe('sentences', () => {
  it('tell an applicant what became of the request', () => {
    expect(applicationEndText('rejected', 'Ada')).toContain('Ada could not take you');
    expect(applicationEndText('timedOut', 'Ada')).toContain('did not answer');
    expect(textOfCode(100205)).toBe('The stage is full right now.');
  });

  it('say whether a guest went or was lost', () => {
    expect(guestLeftText('Ben', false)).toBe('Ben left the stage.');
    expect(guestLeftText('Ben', true)).toContain('lost the connection');
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
