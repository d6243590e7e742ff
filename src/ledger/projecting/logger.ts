/** Where alarms go; a pino logger is one. Fields hold names, positions and reasons, never what an event says. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
