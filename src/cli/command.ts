/** Where a command writes, and how. */
export interface Terminal {
  write(text: string): void;
  /** True when colours can be seen. */
  readonly hasColors: boolean;
}

/** One command of the command line. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Returns the exit code. Throws a `UserError` for a wrong invocation or unreadable input. */
  run(args: readonly string[], terminal: Terminal): Promise<number> | number;
}
