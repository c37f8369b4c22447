import { textOfError } from './errorText';

/** Gives a function that waits for something and tells its refusal in a sentence; it gives whether it went well. */
export function useAttempt(tell: (text: string) => void): (action: Promise<unknown>) => Promise<boolean> {
  return async (action) => {
    try {
      await action;
      return true;
    } catch (error) {
      tell(textOfError(error));
      return false;
    }
  };
}
