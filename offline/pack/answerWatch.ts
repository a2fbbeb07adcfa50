/** Notices when somebody who answers questions, many at a time, has answered none of them for too long. */
export class AnswerWatch {
  /** Rejects with what `onSilence` returns. */
  readonly silence: Promise<never>;
  readonly #questions = new Set<{ readonly text: string }>();
  readonly #expire: () => void;
  readonly #seconds: number;
  #timeout: NodeJS.Timeout | undefined;

  /** `onSilence` is told the questions that have no answer, those that wait longest first. */
  constructor(seconds: number, onSilence: (questions: readonly string[]) => Error) {
    this.#seconds = seconds;
    let reject: (error: Error) => void = () => undefined;
    this.silence = new Promise((_, rejectSilence) => (reject = rejectSilence));
    // Whoever asks next hears of it.
    this.silence.catch(() => undefined);
    this.#expire = () => {
      reject(onSilence([...this.#questions].map(({ text }) => text)));
    };
  }

  /** A question is asked. Returns what to call when it is answered. */
  asked(text: string): () => void {
    const question = { text };
    this.#questions.add(question);
    if (this.#questions.size === 1) this.#restart();
    return () => {
      this.#questions.delete(question);
      this.#restart();
    };
  }

  #restart(): void {
    clearTimeout(this.#timeout);
    if (this.#questions.size > 0) this.#timeout = setTimeout(this.#expire, this.#seconds * 1000);
  }
}
