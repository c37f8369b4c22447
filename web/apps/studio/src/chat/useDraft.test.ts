import { ErrorCodes, LiveError } from '@dais/vue';
import { describe, expect, it, vi } from 'vitest';
import { useDraft } from './useDraft';

const refusing = (code: number, more: { message?: string; retryAfterMs?: number } = {}) =>
  useDraft(() => Promise.reject(new LiveError({ code, name: 'x', message: 'x', ...more })));

describe('What is being written', () => {
  it('is gone when the server has taken it, and not before', async () => {
    let take = (): void => undefined;
    const send = vi.fn(() => new Promise<void>((resolve) => (take = resolve)));
    const { text, sending, write, submit } = useDraft(send);
    write('  hello \n');
    const done = submit();
    expect([text.value, sending.value]).toEqual(['  hello \n', true]);
    await submit();
    take();
    await done;
    expect([text.value, sending.value]).toEqual(['', false]);
    expect(send.mock.calls).toEqual([['hello']]);
  });

  it('keeps what was written on while it was sent', async () => {
    const draft = useDraft(() => Promise.resolve(draft.write('hello and more')));
    draft.write('hello');
    await draft.submit();
    expect(draft.text.value).toBe('and more');
  });

  it('is not sent when it is nothing', async () => {
    const send = vi.fn(() => Promise.resolve());
    const { write, submit } = useDraft(send);
    write(' \n ');
    await submit();
    expect(send).not.toHaveBeenCalled();
  });

  it.each([
    [300, 'in a second'],
    [1_000, 'in a second'],
    [4_200, 'in 5 seconds'],
  ])('is kept when it comes too fast, and %i ms of waiting are said', async (retryAfterMs, said) => {
    const { text, refusal, write, submit } = refusing(ErrorCodes.rateLimited, { retryAfterMs });
    write('hello');
    await submit();
    expect(text.value).toBe('hello');
    expect(refusal.value).toContain(said);
  });

  it('is kept when the application refuses it, for the reason it gives', async () => {
    const { text, refusal, write, submit } = refusing(ErrorCodes.messageRefused, { message: 'No links, please.' });
    write('https://example.org');
    await submit();
    expect([text.value, refusal.value]).toEqual(['https://example.org', 'Not sent: No links, please.']);
    write('no link');
    expect(refusal.value).toBeNull();
  });

  it.each([
    [ErrorCodes.messagesDisabled, 'off for everyone'],
    [ErrorCodes.messageDisabled, 'Your messages are off'],
    [ErrorCodes.messageNotChecked, 'cannot be checked'],
    [ErrorCodes.tooLarge, 'too long'],
  ])('says error %i in a sentence', async (code, said) => {
    const { refusal, write, submit } = refusing(code);
    write('hello');
    await submit();
    expect(refusal.value).toContain(said);
  });
});
