/** Detects when a process that answers concurrent requests has not answered any of them for too long. */
export class AnswerWatch {
  /** Rejects with what `onSilence` returns. */
  readonly silence: Promise<never>;
  readonly #questions = new Set<{ readonly text: string }>();
  readonly #expire: () => void;
  readonly #seconds: number;
  #timeout: NodeJS.Timeout | undefined;

  /** `onSilence` gets the unanswered requests, oldest first. */
  constructor(seconds: number, onSilence: (questions: readonly string[]) => Error) {
    this.#seconds = seconds;
    let reject: (error: Error) => void = () => undefined;
    this.silence = new Promise((_, rejectSilence) => (reject = rejectSilence));
    // The next request reports the rejection.
    this.silence.catch(() => undefined);
    this.#expire = () => {
      reject(onSilence([...this.#questions].map(({ text }) => text)));
    };
  }

  /** Records a request, and returns the function to call when it is answered. */
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
