import { mount } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import ChatComposer from './ChatComposer.vue';
import type { Silence } from './chatTexts';
import { useDraft } from './useDraft';

function mountComposer(silence: Silence | null = null) {
  const send = vi.fn(() => Promise.resolve());
  const draft = useDraft(send);
  const composer = mount(ChatComposer, { props: { draft, silence, hostName: 'Grace', online: true } });
  return { composer, send, draft };
}

describe('Where one writes', () => {
  it('sends with Enter, and is empty again', async () => {
    const { composer, send } = mountComposer();
    const field = composer.get<HTMLTextAreaElement>('textarea');
    await field.setValue('hello');
    await field.trigger('keydown', { key: 'Enter' });
    expect(send.mock.calls).toEqual([['hello']]);
    await vi.waitFor(() => expect(field.element.value).toBe(''));
  });

  it('leaves Enter to a word that is put together, and to a new line', async () => {
    const { composer, send } = mountComposer();
    const field = composer.get('textarea');
    await field.setValue('にほん');
    await field.trigger('keydown', { key: 'Enter', isComposing: true });
    await field.trigger('keydown', { key: 'Enter', shiftKey: true });
    expect(send).not.toHaveBeenCalled();
  });

  it('is labelled, and cannot send nothing', () => {
    const { composer } = mountComposer();
    expect(composer.get('label').attributes('for')).toBe(composer.get('textarea').attributes('id'));
    expect(composer.get('[data-testid=chat-send]').attributes('disabled')).toBeDefined();
  });

  it.each([
    ['everyone', 'Grace has turned messages off for everyone.'],
    ['you', 'Grace has turned messages off for you.'],
  ] as const)('says who turned messages off for %s, and keeps the draft meanwhile', async (silence, said) => {
    const { composer, draft } = mountComposer();
    await composer.get('textarea').setValue('half a sent');
    await composer.setProps({ silence });
    expect(composer.get('[role=status]').text()).toBe(said);
    expect(composer.find('textarea').exists()).toBe(false);
    await composer.setProps({ silence: null });
    expect(composer.get<HTMLTextAreaElement>('textarea').element.value).toBe('half a sent');
    expect(draft.text.value).toBe('half a sent');
  });
});
