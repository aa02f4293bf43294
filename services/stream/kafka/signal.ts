/** Lets one coroutine sleep until something has happened, or a time has passed. Waking nobody is no mistake. */
export class Signal {
  #wake: () => void = () => {};

  wake(): void {
    this.#wake();
  }

  /** Milliseconds at the most. */
  wait(most: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, most);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
